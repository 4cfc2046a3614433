using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class FavoriteConfiguration : IEntityTypeConfiguration<Favorite>
{
    public void Configure(EntityTypeBuilder<Favorite> builder)
    {
        builder.ToTable("favorites");
        builder.HasKey(favorite => new { favorite.UserId, favorite.MovieId });
        builder.Property(favorite => favorite.CreatedAt).IsTimeOfInsert();
        builder.HasIndex(favorite => favorite.MovieId);
        builder.HasIndex(favorite => new { favorite.UserId, favorite.CreatedAt, favorite.MovieId });
        builder.HasOne(favorite => favorite.User).WithMany().HasForeignKey(favorite => favorite.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(favorite => favorite.Movie).WithMany().HasForeignKey(favorite => favorite.MovieId).OnDelete(DeleteBehavior.Cascade);
    }
}
