using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Caching;
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
        var favorites = api.MapGroup("/me/favorites").WithTags("Favorites").RequireAuthorization().EvictsCache();
        favorites.MapGet("/", ListAsync).WithName("listMyFavorites").WithoutCaching();
        favorites.MapPut("/{movieId:id}", PutAsync).WithName("putFavorite");
        favorites.MapDelete("/{movieId:id}", DeleteAsync).WithName("deleteFavorite");
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
        TypedResults.Ok(await db.FavoritesOfUser(user.GetUserId(), sort).ReadPageAsync(page, context, cancellationToken));

    /// <summary>Add a movie to your favorites</summary>
    /// <remarks>Idempotent: also 204 when it is a favorite already.</remarks>
    internal static async Task<Results<NoContent, NotFound>> PutAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO favorites (user_id, movie_id)
            SELECT {userId}, id FROM movies WHERE id = {movieId}
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        return inserted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }

    /// <summary>Remove a movie from your favorites</summary>
    /// <remarks>Idempotent: also 204 when it is no favorite.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var deleted = await db.Favorites
            .Where(favorite => favorite.UserId == userId && favorite.MovieId == movieId).ExecuteDeleteAsync(cancellationToken);
        return deleted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}

/// <summary>A favorite movie.</summary>
public sealed record Favorite
{
    public required MovieSummary Movie { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class FavoriteRow
{
    public required Data.Entities.Favorite Favorite { get; init; }

    public required MovieSummary Movie { get; init; }
}

internal static class FavoriteQueries
{
    private static readonly CompiledList<FavoriteRow, Favorite> OfUser = new(
        CompiledQuery.Compose(
            MovieQueries.Summaries,
            (db, userId, movies) =>
                from favorite in db.Favorites
                where favorite.UserId == userId
                join movie in movies on favorite.MovieId equals movie.Id
                select new FavoriteRow { Favorite = favorite, Movie = movie }),
        row => new() { Movie = row.Movie, CreatedAt = row.Favorite.CreatedAt });

    private static readonly SortKey<FavoriteRow, DateTimeOffset> ByTime =
        new(row => row.Favorite.CreatedAt, row => row.Favorite.MovieId);

    public static ListQuery<FavoriteRow, Favorite> FavoritesOfUser(this MovieDbContext db, long userId, TimeSort sort) =>
        OfUser.Create(db, userId, sort.By(ByTime)) with { UserId = userId };
}
