using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Me;

/// <summary>The signed-in user's ratings. Triggers keep the movies' averages and counts exact in the same transaction.</summary>
internal static class RatingEndpoints
{
    public static void MapRatings(this IEndpointRouteBuilder api)
    {
        var rating = api.MapGroup("/movies/{movieId:long}/rating").WithTags("Ratings").RequireAuthorization();
        rating.MapGet("/", GetAsync).WithName("getRating").WithoutCaching();
        rating.MapPut("/", PutAsync).WithName("putRating").WithoutCaching();
        rating.MapDelete("/", DeleteAsync).WithName("deleteRating");
    }

    /// <summary>Get your rating of a movie</summary>
    /// <remarks>404 when you have not rated it.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> GetAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlBuilder().AppendRaw($"SELECT {RatingResponse.Columns} FROM ratings")
                .Append($" WHERE user_id = {user.Id()} AND movie_id = {movieId}"),
            RatingResponse.Read,
            cancellationToken) is { } rating
            ? TypedResults.Ok(rating)
            : TypedResults.NotFound();

    /// <summary>Rate a movie</summary>
    /// <remarks>One rating per user and movie: a second one replaces the first.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> PutAsync(
        long movieId, RatingRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                INSERT INTO ratings (user_id, movie_id, value)
                SELECT {user.Id()}, id, {(short)request.Value} FROM movies WHERE id = {movieId}
                ON CONFLICT (user_id, movie_id) DO UPDATE SET value = EXCLUDED.value
                """).AppendRaw($" RETURNING {RatingResponse.Columns}"),
            RatingResponse.Read,
            cancellationToken) is { } rating
            ? TypedResults.Ok(rating)
            : TypedResults.NotFound();

    /// <summary>Delete your rating of a movie</summary>
    /// <remarks>Idempotent: also 204 when there is no rating.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var deleted = await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM ratings WHERE user_id = {user.Id()} AND movie_id = {movieId}"), cancellationToken);
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

    /// <summary>When the user last rated the movie.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal const string Columns = "movie_id, value, created_at, updated_at";

    internal static RatingResponse Read(NpgsqlDataReader row) => new()
    {
        MovieId = row.GetInt64(0),
        Value = row.GetInt16(1),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(2),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(3),
    };
}

/// <summary>A user's rating, with the movie.</summary>
public sealed record MyRating
{
    public required MovieSummary Movie { get; init; }

    /// <summary>1 to 10.</summary>
    public required int Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user last rated the movie.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static ListQuery<MyRating> List(long userId, TimeSort sort) => new()
    {
        Columns = $"r.value, r.created_at, r.updated_at, {MovieSummary.Columns}",
        From = $"ratings r JOIN {MovieSummary.From} ON m.id = r.movie_id",
        Where = [$"r.user_id = {userId}"],
        Sort = sort.On($"r.created_at"),
        TieBreaker = "r.movie_id",
        UserId = userId,
        Read = row => new()
        {
            Value = row.GetInt16(0),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(1),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(2),
            Movie = MovieSummary.Read(row, 3),
        },
    };
}
