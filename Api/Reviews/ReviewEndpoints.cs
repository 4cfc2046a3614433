using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Reviews;

/// <summary>Reviews and their helpful votes. Another user's review is a 404 to whoever tries to change it: ownership is part of the statement.</summary>
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

    /// <summary>List a movie's reviews</summary>
    /// <remarks>Newest first by default.</remarks>
    internal static async Task<Results<Ok<Page<ReviewResponse>>, NotFound>> ListAsync(
        long movieId,
        [AsParameters] ReviewSort sort,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(movieId, cancellationToken)
            ? TypedResults.Ok(await db.ReadPageAsync(ReviewQueries.ByMovie(movieId, sort), page, context, cancellationToken))
            : TypedResults.NotFound();

    /// <summary>Create a review</summary>
    /// <remarks>One review per user and movie. A second one is a 409; change the first with PUT.</remarks>
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
            ? ApiProblem.Create(
                StatusCodes.Status409Conflict,
                ProblemCodes.AlreadyReviewed,
                "You have already reviewed this movie. GET /api/v1/me/reviews lists your reviews; PUT /api/v1/reviews/{id} changes one.")
            : TypedResults.NotFound();
    }

    /// <summary>Get your own review</summary>
    /// <remarks>Its ETag can be sent as If-Match with PUT. All reviews of a movie are at /movies/{movieId}/reviews.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound>> GetAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindOwnReviewAsync(id, user.Id(), cancellationToken) is { } review ? TypedResults.Ok(review) : TypedResults.NotFound();

    /// <summary>Update your own review</summary>
    /// <remarks>Replaces title, text and spoiler flag. If-Match is optional.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound, ProblemHttpResult>> PutAsync(
        long id, ReviewRequest request, ClaimsPrincipal user, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken)
    {
        var updated = await db.ExecuteAsync(
            new SqlBuilder(
                $"""
                UPDATE reviews SET title = {request.Title}, body = {request.Body}, contains_spoilers = {request.ContainsSpoilers}
                WHERE id = {id} AND user_id = {user.Id()} AND {IfMatch.Parse(http).On($"version")}
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
    /// <remarks>Users delete their own reviews; moderators and admins delete any.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM reviews WHERE id = {id} AND (user_id = {user.Id()} OR {user.MayModerate()})"), cancellationToken) > 0
            ? TypedResults.NoContent()
            : TypedResults.NotFound();

    /// <summary>Mark a review as helpful</summary>
    /// <remarks>Idempotent. Your own review is a 403.</remarks>
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
                : ApiProblem.Create(
                    StatusCodes.Status403Forbidden, ProblemCodes.OwnReview, "You cannot mark your own review as helpful.");
    }

    /// <summary>Remove your helpful vote</summary>
    /// <remarks>Idempotent: also 204 when there is no vote.</remarks>
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
