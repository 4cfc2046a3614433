using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Moderation;
using MovieAspire.Api.Movies;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Reviews;

/// <summary>Reviews and their helpful votes. Changing another user's review is a 404: ownership is part of the statement.</summary>
internal static class ReviewEndpoints
{
    public static void MapReviews(this IEndpointRouteBuilder api)
    {
        var ofMovie = api.MapGroup("/movies/{movieId:id}/reviews").WithTags("Reviews").EvictsCache();
        ofMovie.MapGet("/", ListAsync).WithName("listReviews").WithPublicCaching(CacheScope.Movie);
        ofMovie.MapPost("/", PostAsync).WithName("postReview").WithoutCaching().WithIdempotency().RequireAuthorization();

        api.MapGet("/reviews/{id:id}", GetAsync).WithTags("Reviews").WithName("getReview").WithPublicCaching(CacheScope.Catalog);
        var own = api.MapGroup("/reviews/{id:id}").WithTags("Reviews").RequireAuthorization().EvictsCache();
        own.MapPut("/", PutAsync).WithName("putReview").WithoutCaching().ProducesProblem(StatusCodes.Status412PreconditionFailed);
        own.MapDelete("/", DeleteAsync).WithName("deleteReview").ProducesProblem(StatusCodes.Status412PreconditionFailed);

        var helpful = api.MapGroup("/reviews/{id:id}/helpful").WithTags("Reviews").RequireAuthorization().EvictsCache();
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
        CancellationToken cancellationToken)
    {
        var reviews = await db.ReviewsOfMovie(movieId, sort).ReadPageAsync(page, context, cancellationToken);

        // The movie's existence matters only if the list is empty.
        return reviews.Items.Count > 0 || await db.MovieExistsAsync(movieId, cancellationToken)
            ? TypedResults.Ok(reviews)
            : TypedResults.NotFound();
    }

    /// <summary>Create a review</summary>
    /// <remarks>One review per user and movie. A second one is a 409; change the first with PUT.</remarks>
    internal static async Task<Results<Created<ReviewResponse>, NotFound, ProblemHttpResult>> PostAsync(
        long movieId, ReviewRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var created = await db.InTransactionAsync(
            async token =>
            {
                var ids = await db.Database.SqlQuery<long>(
                    $"""
                    INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers)
                    SELECT id, {userId}, {request.Title}, {request.Body}, {request.ContainsSpoilers ?? false} FROM movies WHERE id = {movieId}
                    ON CONFLICT (user_id, movie_id) DO NOTHING
                    RETURNING id AS "Value"
                    """).ToListAsync(token);
                // Read it in the same transaction: after the commit somebody may delete it, which would look like a conflict.
                return ids is [var id] ? await db.FindOwnReviewAsync(id, userId, token) : null;
            },
            cancellationToken);
        if (created is not null)
        {
            return TypedResults.Created($"/api/v1/reviews/{created.Id}", created);
        }

        return await db.MovieExistsAsync(movieId, cancellationToken)
            ? ApiProblem.Create(
                StatusCodes.Status409Conflict,
                ProblemCodes.AlreadyReviewed,
                "You have already reviewed this movie. GET /api/v1/me/reviews lists your reviews; PUT /api/v1/reviews/{id} changes one.")
            : TypedResults.NotFound();
    }

    /// <summary>Get a review</summary>
    /// <remarks>Its author can send its ETag as If-Match with PUT. All reviews of a movie are at /movies/{movieId}/reviews.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindReviewAsync(id, cancellationToken) is { } review ? TypedResults.Ok(review) : TypedResults.NotFound();

    /// <summary>Update your own review</summary>
    /// <remarks>Replaces title, text and spoiler flag. If-Match is optional.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, NotFound, ProblemHttpResult>> PutAsync(
        long id, ReviewRequest request, ClaimsPrincipal user, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var precondition = IfMatch.Parse(http);
        var (versions, others) = (precondition.Versions, precondition.OtherThan);
        var containsSpoilers = request.ContainsSpoilers ?? false;
        var updated = await db.Reviews
            .Where(review => review.Id == id && review.UserId == userId && (versions == null || versions.Contains(review.Version))
                && !others.Contains(review.Version))
            // A change without effect is not written, so that the version stays.
            .Where(review => review.Title != request.Title || review.Body != request.Body || review.ContainsSpoilers != containsSpoilers)
            .ExecuteUpdateAsync(
                review => review
                    .SetProperty(r => r.Title, request.Title)
                    .SetProperty(r => r.Body, request.Body)
                    .SetProperty(r => r.ContainsSpoilers, containsSpoilers),
                cancellationToken);
        return await db.FindOwnReviewAsync(id, userId, cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            var review when updated == 0 && !precondition.Allows(review.Version) => IfMatch.Failed,
            var review => TypedResults.Ok(review),
        };
    }

    /// <summary>Delete a review</summary>
    /// <remarks>
    /// Users delete their own reviews; moderators and admins delete any, which is recorded in the audit trail. If-Match is optional.
    /// </remarks>
    internal static Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, AuditTrail audit, HttpRequest http, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var canModerate = user.CanModerate();
        var precondition = IfMatch.Parse(http);
        // Locks the row, so that nobody edits it meanwhile.
        return db.InTransactionAsync<Results<NoContent, NotFound, ProblemHttpResult>>(
            $"SELECT FROM reviews WHERE id = {id} FOR UPDATE",
            async token =>
            {
                var review = await db.Reviews.Where(review => review.Id == id && (review.UserId == userId || canModerate))
                    .Select(review => new { review.UserId, review.Version }).FirstOrDefaultAsync(token);
                if (review is null)
                {
                    return TypedResults.NotFound();
                }

                if (!precondition.Allows(review.Version))
                {
                    return IfMatch.Failed;
                }

                if (review.UserId == userId)
                {
                    await db.Reviews.Where(own => own.Id == id).ExecuteDeleteAsync(token);
                }
                else
                {
                    await db.RemoveReviewAsync(id, reason: null, audit, token);
                }

                return TypedResults.NoContent();
            },
            cancellationToken);
    }

    /// <summary>Mark a review as helpful</summary>
    /// <remarks>Idempotent. Your own review is a 403.</remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> PutHelpfulAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO review_votes (review_id, user_id)
            SELECT id, {userId} FROM reviews WHERE id = {id} AND user_id <> {userId}
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        var author = await db.FindAuthorOfReviewAsync(id, cancellationToken);
        return author is null
            ? TypedResults.NotFound()
            : author != userId
                ? TypedResults.NoContent()
                : ApiProblem.Create(
                    StatusCodes.Status403Forbidden, ProblemCodes.OwnReview, "You cannot mark your own review as helpful.");
    }

    /// <summary>Remove your helpful vote</summary>
    /// <remarks>Idempotent: also 204 when there is no vote.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteHelpfulAsync(
        long id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        await db.ReviewVotes.Where(vote => vote.ReviewId == id && vote.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        return await db.FindAuthorOfReviewAsync(id, cancellationToken) is null ? TypedResults.NotFound() : TypedResults.NoContent();
    }
}

internal static class ReviewQueries
{
    private static readonly CompiledList<Review, ReviewResponse> OfMovie = new(
        (db, movieId) => db.Reviews.Where(review => review.MovieId == movieId), ReviewResponse.FromReview);

    private static readonly CompiledList<Review, ReviewResponse> OfUser = new(
        (db, userId) => db.Reviews.Where(review => review.UserId == userId), ReviewResponse.FromReview);

    private static readonly SortKey<Review, DateTimeOffset> ByTime = new(review => review.CreatedAt, review => review.Id);

    public static ListQuery<Review, ReviewResponse> ReviewsOfMovie(this MovieDbContext db, long movieId, ReviewSort sort) =>
        OfMovie.Create(db, movieId, sort.Order) with
        {
            Total = async token => await db.MovieStats
                .Where(stats => stats.MovieId == movieId).Select(stats => stats.ReviewCount).FirstOrDefaultAsync(token),
        };

    public static ListQuery<Review, ReviewResponse> ReviewsOfUser(this MovieDbContext db, long userId, TimeSort sort) =>
        OfUser.Create(db, userId, sort.By(ByTime)) with { UserId = userId };

    public static Task<ReviewResponse?> FindReviewAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id).Select(ReviewResponse.FromReview).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The author of the review; null if there is no such review.</summary>
    public static Task<long?> FindAuthorOfReviewAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id).Select(review => (long?)review.UserId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The review, if the user is its author.</summary>
    public static Task<ReviewResponse?> FindOwnReviewAsync(this MovieDbContext db, long id, long userId, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id && review.UserId == userId)
            .Select(ReviewResponse.FromReview).FirstOrDefaultAsync(cancellationToken);
}
