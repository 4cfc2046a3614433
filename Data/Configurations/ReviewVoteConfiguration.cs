using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class ReviewVoteConfiguration : IEntityTypeConfiguration<ReviewVote>
{
    public void Configure(EntityTypeBuilder<ReviewVote> builder)
    {
        builder.ToTable("review_votes");
        builder.HasKey(vote => new { vote.ReviewId, vote.UserId });
        builder.Property(vote => vote.CreatedAt).IsTimeOfInsert();
        builder.HasIndex(vote => vote.UserId);
        builder.HasOne(vote => vote.Review).WithMany().HasForeignKey(vote => vote.ReviewId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(vote => vote.User).WithMany().HasForeignKey(vote => vote.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
