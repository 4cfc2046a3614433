using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Moderation;

internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder api) =>
        api.MapPost("/reviews/{id:id}/report", PostAsync).WithTags("Reviews").WithName("reportReview").RequireAuthorization()
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Report a review to the moderators</summary>
    /// <remarks>
    /// Once per user and review; again only where the author has changed it since a moderator decided to keep it. Your own review is a 403.
    /// </remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> PostAsync(
        long id, ReportRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var reported = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO review_reports AS report (review_id, user_id, reason, comment)
            SELECT id, {userId}, {request.Reason}, {request.Comment} FROM reviews WHERE id = {id} AND user_id <> {userId}
            ON CONFLICT (review_id, user_id) DO UPDATE
                SET reason = EXCLUDED.reason, comment = EXCLUDED.comment, created_at = now(), resolved_at = NULL
                WHERE report.resolved_at < (SELECT updated_at FROM reviews WHERE id = EXCLUDED.review_id)
            """,
            cancellationToken);
        if (reported > 0)
        {
            return TypedResults.NoContent();
        }

        return await db.FindAuthorOfReviewAsync(id, cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            var author when author == userId => ApiProblem.Create(
                StatusCodes.Status403Forbidden,
                ProblemCodes.OwnReview,
                "You cannot report your own review. PUT /api/v1/reviews/{id} changes it, DELETE removes it."),
            _ => ApiProblem.Create(
                StatusCodes.Status409Conflict,
                ProblemCodes.AlreadyReported,
                "You have already reported this review. You can again where its author changes it after the moderators' decision."),
        };
    }
}

/// <summary>Why the moderators should look at a review.</summary>
public sealed record ReportRequest
{
    [ReportReason]
    public required string Reason { get; init; }

    /// <summary>What a moderator should know.</summary>
    [NonBlank(Limits.ReportComment)]
    public string? Comment { get; init; }
}

/// <summary>One of <see cref="Limits.ReportReasons"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReportReasonAttribute : AllowedValuesAttribute
{
    public ReportReasonAttribute()
        : base([.. Limits.ReportReasons]) =>
        ErrorMessage = $"The reason must be one of {string.Join(", ", Limits.ReportReasons)}.";
}
