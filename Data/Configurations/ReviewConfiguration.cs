using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class ReviewConfiguration : IEntityTypeConfiguration<Review>
{
    public void Configure(EntityTypeBuilder<Review> builder)
    {
        builder.ToTable("reviews", table =>
        {
            table.HasNotBlankCheck("title");
            table.HasNotBlankCheck("body");
            table.HasCheckConstraint("ck_reviews_helpful_count", "helpful_count >= 0");
        });

        builder.Property(review => review.Title).HasMaxLength(Limits.ReviewTitle);
        builder.Property(review => review.Body).HasMaxLength(Limits.ReviewBody);
        builder.Property(review => review.HelpfulCount).HasDefaultValue(0);
        builder.Property(review => review.CreatedAt).IsTimeOfInsert();
        builder.Property(review => review.UpdatedAt).IsTimeOfUpdate();
        builder.Property(review => review.Version).IsRowVersionCounter();

        builder.HasIndex(review => new { review.UserId, review.MovieId }).IsUnique();
        builder.HasIndex(review => new { review.MovieId, review.CreatedAt, review.Id });
        builder.HasIndex(review => new { review.MovieId, review.HelpfulCount, review.Id });
        builder.HasIndex(review => new { review.UserId, review.CreatedAt, review.Id });
        builder.HasOne(review => review.User).WithMany().HasForeignKey(review => review.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(review => review.Movie).WithMany().HasForeignKey(review => review.MovieId).OnDelete(DeleteBehavior.Cascade);
    }
}
