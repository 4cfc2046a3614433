using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Reviews;

/// <summary>Reviews. What is not one's own to change is a 404, with no second query that would tell whether it is there.</summary>
internal static class ReviewEndpoints
{
    public static void MapReviews(this IEndpointRouteBuilder api)
    {
        var ofMovie = api.MapGroup("/movies/{movieId:long}/reviews").WithTags("Reviews");
        ofMovie.MapGet("/", ListAsync).WithName("listReviews").WithPublicCaching();
        ofMovie.MapPost("/", PostAsync).WithName("postReview").WithoutCaching().WithIdempotency().RequireAuthorization();

        var own = api.MapGroup("/reviews/{id:long}").WithTags("Reviews").RequireAuthorization();
        own.MapGet("/", GetAsync).WithName("getReview").WithoutCaching();
        own.MapPut("/", PutAsync).WithName("putReview").WithoutCaching().ProducesProblem(StatusCodes.Status412PreconditionFailed);
        own.MapDelete("/", DeleteAsync).WithName("deleteReview");

        var helpful = api.MapGroup("/reviews/{id:long}/helpful").WithTags("Reviews").RequireAuthorization();
        helpful.MapPut("/", PutHelpfulAsync).WithName("putHelpful").ProducesProblem(StatusCodes.Status403Forbidden);
        helpful.MapDelete("/", DeleteHelpfulAsync).WithName("deleteHelpful");
    }

    /// <summary>List a film's reviews</summary>
    /// <remarks>Latest first, unless sorted otherwise.</remarks>
    internal static async Task<Results<Ok<Page<ReviewResponse>>, NotFound>> ListAsync(
        long movieId,
        [AsParameters] ReviewSort sort,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(movieId, cancellationToken)
            ? TypedResults.Ok(await db.ReadPageAsync(ReviewQueries.OfMovie(movieId, sort), page, context, cancellationToken))
            : TypedResults.NotFound();

    /// <summary>Review a film</summary>
    /// <remarks>One review per person and film; a second one is a 409, and changing the first is a PUT.</remarks>
    internal static async Task<Results<Created<ReviewResponse>, NotFound, ProblemHttpResult>> PostAsync(
        long movieId, ReviewRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var id = await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers)
                SELECT id, {user.Id()}, {request.Title}, {request.Body}, {request.ContainsSpoilers} FROM movies WHERE id = {movieId}
                ON CONFLICT (user_id, movie_id) DO NOTHING
                RETURNING id
                """),
            row => row.GetInt64(0),
            cancellationToken);
        if (await db.FindOwnReviewAsync(id, user.Id(), cancellationToken) is { } review)
        {
            return TypedResults.Created($"/api/v1/reviews/{id}", review);
        }

        return await db.MovieExistsAsync(movieId, cancellationToken)
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                detail: "You have reviewed this film; change that review with PUT /api/v1/reviews/{id}. GET /api/v1/me/reviews lists yours.",
                extensions: new Dictionary<string, object?> { ["code"] = ProblemCodes.AlreadyReviewed })
            : TypedResults.NotFound();
    }

    /// <summary>Get one's own review</summary>
    /// <remarks>Its ETag may be sent as If-Match when changing it. Everybody's reviews are in the list of the film.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound>> GetAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindOwnReviewAsync(id, user.Id(), cancellationToken) is { } review ? TypedResults.Ok(review) : TypedResults.NotFound();

    /// <summary>Change one's own review</summary>
    /// <remarks>Replaces title, text and the mark of spoilers; If-Match is honoured.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound, ProblemHttpResult>> PutAsync(
        long id, ReviewRequest request, ClaimsPrincipal user, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken)
    {
        var updated = await db.ExecuteAsync(
            new SqlBuilder(
                $"""
                UPDATE reviews SET title = {request.Title}, body = {request.Body}, contains_spoilers = {request.ContainsSpoilers}
                WHERE id = {id} AND user_id = {user.Id()} AND {IfMatch.Of(http).On($"version")}
                """),
            cancellationToken);
        return await db.FindOwnReviewAsync(id, user.Id(), cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            _ when updated == 0 => IfMatch.Failed,
            var review => TypedResults.Ok(review),
        };
    }

    /// <summary>Delete a review</summary>
    /// <remarks>One's own; a moderator or admin may delete any.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM reviews WHERE id = {id} AND (user_id = {user.Id()} OR {user.MayModerate()})"), cancellationToken) > 0
            ? TypedResults.NoContent()
            : TypedResults.NotFound();

    /// <summary>Find a review helpful</summary>
    /// <remarks>Not one's own. Succeeds as well when one has said so already.</remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> PutHelpfulAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            new SqlBuilder(
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
    internal static async Task<Results<NoContent, NotFound>> DeleteHelpfulAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM review_votes WHERE review_id = {id} AND user_id = {user.Id()}"), cancellationToken);
        return await FindAuthorAsync(id, db, cancellationToken) is null ? TypedResults.NotFound() : TypedResults.NoContent();
    }

    private static Task<long?> FindAuthorAsync(long id, MovieDbContext db, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(new SqlBuilder($"SELECT user_id FROM reviews WHERE id = {id}"), row => (long?)row.GetInt64(0), cancellationToken);
}
