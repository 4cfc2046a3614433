using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Me;

/// <summary>The signed-in user's ratings. Triggers keep the movies' averages and counts exact in the same transaction.</summary>
internal static class RatingEndpoints
{
    public static void MapRatings(this IEndpointRouteBuilder api)
    {
        var rating = api.MapGroup("/movies/{movieId:id}/rating").WithTags("Ratings").RequireAuthorization().EvictsCache();
        rating.MapGet("/", GetAsync).WithName("getRating").WithoutCaching();
        rating.MapPut("/", PutAsync).WithName("putRating").WithoutCaching();
        rating.MapDelete("/", DeleteAsync).WithName("deleteRating");
    }

    /// <summary>Get your rating of a movie</summary>
    /// <remarks>404 when you have not rated it.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> GetAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        return await db.Ratings.Where(rating => rating.UserId == userId && rating.MovieId == movieId)
            .Select(RatingResponse.FromRating).FirstOrDefaultAsync(cancellationToken) is { } response
            ? TypedResults.Ok(response)
            : TypedResults.NotFound();
    }

    /// <summary>Rate a movie</summary>
    /// <remarks>One rating per user and movie: a second one replaces the first. The same value again changes nothing.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> PutAsync(
        long movieId, RatingRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        do
        {
            if (await db.PutRatingAsync(user.GetUserId(), movieId, (short)request.Value, cancellationToken) is { } rating)
            {
                return TypedResults.Ok(rating);
            }
        }
        // A concurrent request of the same user has just stored the same value: a new statement sees it.
        while (await db.MovieExistsAsync(movieId, cancellationToken));
        return TypedResults.NotFound();
    }

    /// <summary>Delete your rating of a movie</summary>
    /// <remarks>Idempotent: also 204 when there is no rating.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var deleted = await db.Ratings
            .Where(rating => rating.UserId == userId && rating.MovieId == movieId).ExecuteDeleteAsync(cancellationToken);
        return deleted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}

/// <summary>A rating.</summary>
public sealed record RatingRequest
{
    [Range(Limits.MinRating, Limits.MaxRating)]
    public required int Value { get; init; }
}

/// <summary>A user's rating of a movie.</summary>
public sealed record RatingResponse
{
    public required long MovieId { get; init; }

    /// <summary>1 to 10.</summary>
    public required int Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user gave the movie this value.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static readonly Expression<Func<Rating, RatingResponse>> FromRating = rating => new()
    {
        MovieId = rating.MovieId,
        Value = rating.Value,
        CreatedAt = rating.CreatedAt,
        UpdatedAt = rating.UpdatedAt,
    };
}

/// <summary>A user's rating, with the movie.</summary>
public sealed record RatedMovie
{
    public required MovieSummary Movie { get; init; }

    /// <summary>1 to 10.</summary>
    public required int Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user gave the movie this value.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class RatingRow
{
    public required Rating Rating { get; init; }

    public required MovieSummary Movie { get; init; }
}

internal static class RatingQueries
{
    private static readonly CompiledList<RatingRow, RatedMovie> OfUser = new(
        CompiledQuery.Compose(
            MovieQueries.Summaries,
            (db, userId, movies) =>
                from rating in db.Ratings
                where rating.UserId == userId
                join movie in movies on rating.MovieId equals movie.Id
                select new RatingRow { Rating = rating, Movie = movie }),
        row => new()
        {
            Movie = row.Movie,
            Value = row.Rating.Value,
            CreatedAt = row.Rating.CreatedAt,
            UpdatedAt = row.Rating.UpdatedAt,
        });

    private static readonly SortKey<RatingRow, DateTimeOffset> ByTime = new(row => row.Rating.CreatedAt, row => row.Rating.MovieId);

    /// <summary>
    /// Upserts the rating unless it already has this value, and returns it. Null if there is no such movie, or if a concurrent request
    /// committed the same value after the statement had begun. SQL: LINQ has no ON CONFLICT.
    /// </summary>
    public static async Task<RatingResponse?> PutRatingAsync(
        this MovieDbContext db, long userId, long movieId, short value, CancellationToken cancellationToken)
    {
        // One statement: a second one might not find the row any more, because another request may delete it in between.
        var ratings = await db.Database.SqlQuery<RatingResponse>(
            $"""
            WITH written AS (
                INSERT INTO ratings (user_id, movie_id, value)
                SELECT {userId}, id, {value} FROM movies WHERE id = {movieId}
                ON CONFLICT (user_id, movie_id) DO UPDATE SET value = EXCLUDED.value WHERE ratings.value <> EXCLUDED.value
                RETURNING movie_id, value, created_at, updated_at)
            SELECT movie_id AS "MovieId", value::integer AS "Value", created_at AS "CreatedAt", updated_at AS "UpdatedAt" FROM (
                SELECT * FROM written
                UNION ALL
                SELECT movie_id, value, created_at, updated_at FROM ratings
                WHERE user_id = {userId} AND movie_id = {movieId} AND value = {value} AND NOT EXISTS (SELECT FROM written)) AS rating
            """).ToListAsync(cancellationToken);
        return ratings is [var rating] ? rating : null;
    }

    public static ListQuery<RatingRow, RatedMovie> RatingsOfUser(this MovieDbContext db, long userId, TimeSort sort) =>
        OfUser.Create(db, userId, sort.By(ByTime)) with { UserId = userId };
}
