using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Moderation;

internal sealed class ReportRow
{
    public required ReviewReport Report { get; init; }

    public required ReviewResponse Review { get; init; }

    public required User Reporter { get; init; }
}

/// <summary>The reports that no moderator has resolved, oldest first.</summary>
internal static class OpenReports
{
    private static readonly SortOrder<ReportRow> OldestFirst =
        new("createdAt", new SortKey<ReportRow, DateTimeOffset>(row => row.Report.CreatedAt, row => row.Report.Id));

    public static ListQuery<ReportRow, ReportResponse> Create(MovieDbContext db) => new()
    {
        Rows = () =>
            from report in db.ReviewReports
            where report.ResolvedAt == null
            join review in db.Reviews.Select(ReviewResponse.FromReview) on report.ReviewId equals review.Id
            join reporter in db.Users on report.UserId equals reporter.Id
            select new ReportRow { Report = report, Review = review, Reporter = reporter },
        Item = row => new()
        {
            Id = row.Report.Id,
            Review = row.Review,
            Reporter = new() { Id = row.Reporter.Id, DisplayName = row.Reporter.DisplayName },
            Reason = row.Report.Reason,
            Comment = row.Report.Comment,
            CreatedAt = row.Report.CreatedAt,
        },
        Sort = OldestFirst,
        Total = token => db.ReviewReports.LongCountAsync(report => report.ResolvedAt == null, token),
    };
}
