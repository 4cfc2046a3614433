using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Data;

namespace MovieAspire.Api.Moderation;

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
