using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Reviews;

/// <summary>A review with its open reports; none where it was not looked up as a reported one.</summary>
public sealed record ReportedReview(ReviewResponse Review, IReadOnlyList<ReportResponse> Reports)
{
    /// <summary>One for all reports of a review, in the order of the first.</summary>
    public static IReadOnlyList<ReportedReview> Group(IEnumerable<ReportResponse> reports) =>
        [.. reports.GroupBy(report => report.Review!.Id).Select(group => new ReportedReview(group.Last().Review!, [.. group]))];
}

/// <summary>What a moderator does with a review.</summary>
public enum Decision
{
    Keep,
    Remove,
}
