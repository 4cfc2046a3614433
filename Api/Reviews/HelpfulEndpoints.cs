using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Accounts;
using MovieAspire.Api.Protocol.Problems;
using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Reviews;

/// <summary>Votes that a review was helpful.</summary>
internal static class HelpfulEndpoints
{
    public static void MapHelpfulVotes(this IEndpointRouteBuilder api)
    {
        var helpful = api.MapGroup("/reviews/{id:long}/helpful").WithTags("Reviews").RequireAuthorization();
        helpful.MapPut("/", PutAsync).WithName("putHelpful").ProducesProblem(StatusCodes.Status403Forbidden);
        helpful.MapDelete("/", DeleteAsync).WithName("deleteHelpful");
    }

    /// <summary>Find a review helpful</summary>
    /// <remarks>Not one's own. Succeeds as well when one has said so already.</remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> PutAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            new SqlStatement(
                $"""
                INSERT INTO review_votes (review_id, user_id)
                SELECT id, {user.Id()} FROM reviews WHERE id = {id} AND user_id <> {user.Id()}
                ON CONFLICT DO NOTHING
                """),
            cancellationToken);
        var author = await FindAuthorAsync(id, db, cancellationToken);
        return author is null
            ? TypedResults.NotFound()
            : author != user.Id()
                ? TypedResults.NoContent()
                : TypedResults.Problem(
                    statusCode: StatusCodes.Status403Forbidden,
                    detail: "Nobody votes on a review of their own.",
                    extensions: new Dictionary<string, object?> { ["code"] = ProblemCodes.OwnReview });
    }

    /// <summary>Take back that a review is helpful</summary>
    /// <remarks>Succeeds as well when one never said so.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            new SqlStatement($"DELETE FROM review_votes WHERE review_id = {id} AND user_id = {user.Id()}"), cancellationToken);
        return await FindAuthorAsync(id, db, cancellationToken) is null ? TypedResults.NotFound() : TypedResults.NoContent();
    }

    private static Task<long?> FindAuthorAsync(long id, MovieDbContext db, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(new SqlStatement($"SELECT user_id FROM reviews WHERE id = {id}"), row => (long?)row.GetInt64(0), cancellationToken);
}
