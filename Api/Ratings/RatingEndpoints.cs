using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Accounts;
using MovieAspire.Api.Movies;
using MovieAspire.Api.Protocol.Caching;
using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Ratings;

/// <summary>One's own vote on a film. What votes add up to is kept by the database, in the same transaction.</summary>
internal static class RatingEndpoints
{
    public static void MapRatings(this IEndpointRouteBuilder api)
    {
        var rating = api.MapGroup("/movies/{movieId:long}/rating").WithTags("Ratings").RequireAuthorization();
        rating.MapGet("/", GetAsync).WithName("getRating").WithoutCaching();
        rating.MapPut("/", PutAsync).WithName("putRating").WithoutCaching();
        rating.MapDelete("/", DeleteAsync).WithName("deleteRating");
    }

    /// <summary>Get one's own rating of a film</summary>
    /// <remarks>404 when there is none.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> GetAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlStatement().AppendText($"SELECT {RatingResponse.Columns} FROM ratings")
                .Append($" WHERE user_id = {user.Id()} AND movie_id = {movieId}"),
            RatingResponse.Read,
            cancellationToken) is { } rating
            ? TypedResults.Ok(rating)
            : TypedResults.NotFound();

    /// <summary>Rate a film</summary>
    /// <remarks>One vote per person and film: a second one replaces the first.</remarks>
    internal static async Task<Results<Ok<RatingResponse>, NotFound>> PutAsync(
        long movieId, RatingRequest request, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlStatement(
                $"""
                INSERT INTO ratings (user_id, movie_id, value)
                SELECT {user.Id()}, id, {(short)request.Value} FROM movies WHERE id = {movieId}
                ON CONFLICT (user_id, movie_id) DO UPDATE SET value = EXCLUDED.value
                """).AppendText($" RETURNING {RatingResponse.Columns}"),
            RatingResponse.Read,
            cancellationToken) is { } rating
            ? TypedResults.Ok(rating)
            : TypedResults.NotFound();

    /// <summary>Take one's rating of a film back</summary>
    /// <remarks>Succeeds as well when there is none.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var deleted = await db.ExecuteAsync(
            new SqlStatement($"DELETE FROM ratings WHERE user_id = {user.Id()} AND movie_id = {movieId}"), cancellationToken);
        return deleted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}
