using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

internal static class FavoriteEndpoints
{
    public static void MapFavorites(this IEndpointRouteBuilder api)
    {
        var favorites = api.MapGroup("/me/favorites").WithTags("Favorites").RequireAuthorization();
        favorites.MapGet("/", ListAsync).WithName("listMyFavorites").WithoutCaching();
        favorites.MapPut("/{movieId:long}", PutAsync).WithName("putFavorite");
        favorites.MapDelete("/{movieId:long}", DeleteAsync).WithName("deleteFavorite");
    }

    /// <summary>List your favorites</summary>
    /// <remarks>Newest first by default.</remarks>
    internal static async Task<Ok<Page<Favorite>>> ListAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReadPageAsync(Favorite.List(user.Id(), sort), page, context, cancellationToken));

    /// <summary>Add a movie to your favorites</summary>
    /// <remarks>Idempotent: also 204 when it is a favorite already.</remarks>
    internal static async Task<Results<NoContent, NotFound>> PutAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var inserted = await db.ExecuteAsync(
            new SqlBuilder(
                $"""
                INSERT INTO favorites (user_id, movie_id)
                SELECT {user.Id()}, id FROM movies WHERE id = {movieId}
                ON CONFLICT DO NOTHING
                """),
            cancellationToken);
        return inserted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }

    /// <summary>Remove a movie from your favorites</summary>
    /// <remarks>Idempotent: also 204 when it is no favorite.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var deleted = await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM favorites WHERE user_id = {user.Id()} AND movie_id = {movieId}"), cancellationToken);
        return deleted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}

/// <summary>A favorite movie.</summary>
public sealed record Favorite
{
    public required MovieSummary Movie { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static ListQuery<Favorite> List(long userId, TimeSort sort) => new()
    {
        Columns = $"f.created_at, {MovieSummary.Columns}",
        From = $"favorites f JOIN {MovieSummary.From} ON m.id = f.movie_id",
        Where = [$"f.user_id = {userId}"],
        Sort = sort.On($"f.created_at"),
        TieBreaker = "f.movie_id",
        UserId = userId,
        Read = row => new() { CreatedAt = row.GetFieldValue<DateTimeOffset>(0), Movie = MovieSummary.Read(row, 1) },
    };
}
