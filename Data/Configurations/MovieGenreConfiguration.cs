using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class MovieGenreConfiguration : IEntityTypeConfiguration<MovieGenre>
{
    public void Configure(EntityTypeBuilder<MovieGenre> builder)
    {
        builder.ToTable("movie_genres");
        builder.HasKey(link => new { link.MovieId, link.GenreId });
        builder.HasIndex(link => new { link.GenreId, link.MovieId });
        builder.HasOne<Movie>().WithMany().HasForeignKey(link => link.MovieId).OnDelete(DeleteBehavior.Cascade);

        // A genre of a movie cannot be deleted.
        builder.HasOne<Genre>().WithMany().HasForeignKey(link => link.GenreId).OnDelete(DeleteBehavior.Restrict);
    }
}
