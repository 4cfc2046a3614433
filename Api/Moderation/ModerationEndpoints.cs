using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Moderation;

/// <summary>Moderation of reviews, above all of reported ones.</summary>
internal static class ModerationEndpoints
{
    /// <summary>
    /// Ids ascend, so the highest id is the review added last. Its time may be older: a load brings its reviews' times along, and moderators
    /// have seen none of them.
    /// </summary>
    private static readonly SortOrder<Review> LatestFirst = new("-id", new SortKey<Review, long>(review => review.Id, review => review.Id));

    public static void MapModeration(this IEndpointRouteBuilder api)
    {
        var moderation = api.MapGroup("/moderation").WithTags("Moderation").RequireAuthorization(Policies.Moderator).EvictsCache();
        moderation.MapGet("/reports", ListAsync).WithName("listReports").WithoutCaching();
        moderation.MapPost("/reports/{id:id}/resolve", ResolveAsync).WithName("resolveReport")
            .ProducesProblem(StatusCodes.Status409Conflict);
        moderation.MapGet("/reviews", ListReviewsAsync).WithName("listAllReviews").WithoutCaching();
        moderation.MapPost("/reviews/{id:id}/remove", RemoveAsync).WithName("removeReview");
    }

    /// <summary>List open reports</summary>
    /// <remarks>Those that no moderator has resolved, oldest first, each with the review.</remarks>
    internal static async Task<Ok<Page<ReportResponse>>> ListAsync(
        [AsParameters] PageQuery page, MovieDbContext db, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await OpenReports.Create(db).ReadPageAsync(page, context, cancellationToken));

    /// <summary>List all reviews</summary>
    /// <remarks>Reported or not, the one added last first.</remarks>
    internal static async Task<Ok<Page<ReviewResponse>>> ListReviewsAsync(
        [AsParameters] PageQuery page, MovieDbContext db, HttpContext context, CancellationToken cancellationToken)
    {
        var reviews = new ListQuery<Review, ReviewResponse>
        {
            Rows = () => db.Reviews,
            Item = ReviewResponse.FromReview,
            Sort = LatestFirst,
        };
        return TypedResults.Ok(await reviews.ReadPageAsync(page, context, cancellationToken));
    }

    /// <summary>Resolve a report</summary>
    /// <remarks>
    /// Keeps or removes the review, which resolves all open reports of it. 409 when another moderator has decided to keep it,
    /// 404 when the review is gone. Recorded in the audit trail with your reason.
    /// </remarks>
    internal static Task<Results<NoContent, NotFound, ProblemHttpResult>> ResolveAsync(
        long id, ResolutionRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken) =>
        db.InTransactionAsync(token => ResolveInTransactionAsync(id, request, db, audit, token), cancellationToken);

    /// <summary>Remove a review</summary>
    /// <remarks>Reported or not. Recorded in the audit trail with your reason.</remarks>
    internal static async Task<Results<NoContent, NotFound>> RemoveAsync(
        long id, RemovalRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken) =>
        // Locks the row, so that the audit entry describes exactly what is removed.
        await db.InTransactionAsync(
            $"SELECT FROM reviews WHERE id = {id} FOR UPDATE", token => db.RemoveReviewAsync(id, request.Reason, audit, token), cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.NotFound();

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ResolveInTransactionAsync(
        long id, ResolutionRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        // Concurrent decisions are serialized by this lock.
        var reviews = await db.Database.SqlQuery<long>(
            $"""
            SELECT id AS "Value" FROM reviews WHERE id = (SELECT review_id FROM review_reports WHERE id = {id}) FOR UPDATE
            """).ToListAsync(cancellationToken);
        if (reviews is not [var reviewId])
        {
            return TypedResults.NotFound();
        }

        if (!await db.ReviewReports.AnyAsync(report => report.Id == id && report.ResolvedAt == null, cancellationToken))
        {
            return ApiProblem.Create(
                StatusCodes.Status409Conflict,
                ProblemCodes.AlreadyResolved,
                "A moderator has already decided to keep the review. GET /api/v1/moderation/reports lists the open reports.");
        }

        await (request.Action == ResolutionRequest.Remove
            ? db.RemoveReviewAsync(reviewId, request.Reason, audit, cancellationToken)
            : db.KeepReviewAsync(reviewId, request.Reason, audit, cancellationToken));
        return TypedResults.NoContent();
    }
}

/// <summary>
/// The decisions of moderators on reviews; call them inside a transaction. The audit entry contains no text of the review: entries are kept
/// forever, but a user's texts are deleted with the account.
/// </summary>
internal static class ModerationCommands
{
    public static async Task KeepReviewAsync(
        this MovieDbContext db, long id, string reason, AuditTrail audit, CancellationToken cancellationToken)
    {
        var before = await db.FindReportedAsync(id, cancellationToken);
        await db.ReviewReports.Where(report => report.ReviewId == id && report.ResolvedAt == null)
            .ExecuteUpdateAsync(report => report.SetProperty(r => r.ResolvedAt, _ => DateTimeOffset.UtcNow), cancellationToken);
        await audit.RecordAsync("review.kept", "review", id, before, new { reason }, cancellationToken);
    }

    /// <summary>Deletes the review and its reports; false if it does not exist.</summary>
    public static async Task<bool> RemoveReviewAsync(
        this MovieDbContext db, long id, string? reason, AuditTrail audit, CancellationToken cancellationToken)
    {
        var before = await db.FindReportedAsync(id, cancellationToken);
        if (await db.Reviews.Where(review => review.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false;
        }

        await audit.RecordAsync("review.removed", "review", id, before, new { reason }, cancellationToken);
        return true;
    }

    private static Task<ReportedReview?> FindReportedAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id)
            .Select(review => new ReportedReview(
                review.MovieId,
                review.UserId,
                db.ReviewReports.Where(report => report.ReviewId == id && report.ResolvedAt == null)
                    .OrderBy(report => report.Id).Select(report => report.Reason).ToList()))
            .FirstOrDefaultAsync(cancellationToken);

    /// <param name="MovieId">The movie that the review is about.</param>
    /// <param name="AuthorId">Who wrote it.</param>
    /// <param name="OpenReports">The reason of each open report.</param>
    private sealed record ReportedReview(long MovieId, long AuthorId, IReadOnlyList<string> OpenReports);
}

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

/// <summary>A user's report of a review.</summary>
public sealed record ReportResponse
{
    public required long Id { get; init; }

    /// <summary>The review as it is now.</summary>
    public required ReviewResponse Review { get; init; }

    public required Reporter Reporter { get; init; }

    [ReportReason]
    public required string Reason { get; init; }

    /// <summary>What the reporter adds.</summary>
    public required string? Comment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The user who reported a review.</summary>
public sealed record Reporter
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }
}

/// <summary>What a moderator decides about a reported review.</summary>
public sealed record ResolutionRequest
{
    public const string Keep = "keep";
    public const string Remove = "remove";

    /// <summary>Keep the review, or remove it.</summary>
    [AllowedValues(Keep, Remove, ErrorMessage = $"The action must be {Keep} or {Remove}.")]
    public required string Action { get; init; }

    /// <summary>Why, for the audit trail.</summary>
    [NonBlank(Limits.ReportComment)]
    public required string Reason { get; init; }
}

/// <summary>Why a moderator removes a review.</summary>
public sealed record RemovalRequest
{
    /// <summary>Why, for the audit trail.</summary>
    [NonBlank(Limits.ReportComment)]
    public required string Reason { get; init; }
}
