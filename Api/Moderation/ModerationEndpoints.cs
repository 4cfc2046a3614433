using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Moderation;

/// <summary>Moderation of reported reviews.</summary>
internal static class ModerationEndpoints
{
    public static void MapModeration(this IEndpointRouteBuilder api)
    {
        var moderation = api.MapGroup("/moderation").WithTags("Moderation").RequireAuthorization(Policies.Moderator).EvictsCache();
        moderation.MapGet("/reports", ListAsync).WithName("listReports").WithoutCaching();
        moderation.MapPost("/reports/{id:id}/resolve", ResolveAsync).WithName("resolveReport")
            .ProducesProblem(StatusCodes.Status409Conflict);
        moderation.MapPost("/reviews/{id:id}/remove", RemoveAsync).WithName("removeReview");
    }

    /// <summary>List open reports</summary>
    /// <remarks>Those that no moderator has resolved, oldest first, each with the review.</remarks>
    internal static async Task<Ok<Page<ReportResponse>>> ListAsync(
        [AsParameters] PageQuery page, MovieDbContext db, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await OpenReports.Create(db).ReadPageAsync(page, context, cancellationToken));

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
        await db.InTransactionAsync(
            async token =>
            {
                // Lock the row, so that the audit entry describes exactly what is removed.
                await db.Database.ExecuteSqlAsync($"SELECT FROM reviews WHERE id = {id} FOR UPDATE", token);
                return await db.RemoveReviewAsync(id, request.Reason, audit, token);
            },
            cancellationToken)
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
