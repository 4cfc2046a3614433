using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Configurations;

internal sealed class ReviewReportConfiguration : IEntityTypeConfiguration<ReviewReport>
{
    public void Configure(EntityTypeBuilder<ReviewReport> builder)
    {
        builder.ToTable("review_reports", table =>
        {
            table.HasNotBlankCheck("comment");
            table.HasCheckConstraint(
                "ck_review_reports_reason", $"reason IN ({string.Join(", ", Limits.ReportReasons.Select(reason => $"'{reason}'"))})");
        });

        builder.Property(report => report.Reason).HasMaxLength(Limits.ReportReasons.Max(reason => reason.Length));
        builder.Property(report => report.Comment).HasMaxLength(Limits.ReportComment);
        builder.Property(report => report.CreatedAt).IsTimeOfInsert();
        builder.HasIndex(report => new { report.ReviewId, report.UserId }).IsUnique();
        builder.HasIndex(report => report.UserId);
        builder.HasIndex(report => new { report.CreatedAt, report.Id }, "ix_review_reports_open").HasFilter("resolved_at IS NULL");
        builder.HasOne(report => report.Review).WithMany().HasForeignKey(report => report.ReviewId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<User>().WithMany().HasForeignKey(report => report.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
