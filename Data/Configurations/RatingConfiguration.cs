using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class RatingConfiguration : IEntityTypeConfiguration<Rating>
{
    public void Configure(EntityTypeBuilder<Rating> builder)
    {
        builder.ToTable("ratings", table =>
            table.HasCheckConstraint("ck_ratings_value", $"value BETWEEN {Limits.MinRating} AND {Limits.MaxRating}"));

        builder.HasKey(rating => new { rating.UserId, rating.MovieId });
        builder.Property(rating => rating.CreatedAt).IsTimeOfInsert();
        builder.Property(rating => rating.UpdatedAt).IsTimeOfUpdate();
        builder.HasIndex(rating => new { rating.MovieId, rating.Value, rating.UserId });
        builder.HasIndex(rating => new { rating.UserId, rating.CreatedAt, rating.MovieId });

        // High ratings, for similar movies: a quarter of the primary key's size, and read without the table.
        builder.HasIndex(rating => new { rating.UserId, rating.MovieId }, "ix_ratings_user_id_movie_id_high").HasFilter("value >= 8");
        builder.HasOne(rating => rating.User).WithMany().HasForeignKey(rating => rating.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(rating => rating.Movie).WithMany().HasForeignKey(rating => rating.MovieId).OnDelete(DeleteBehavior.Cascade);
    }
}
