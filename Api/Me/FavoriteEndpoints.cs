using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>The films that a person keeps.</summary>
internal static class FavoriteEndpoints
{
    public static void MapFavorites(this IEndpointRouteBuilder api)
    {
        var favorites = api.MapGroup("/me/favorites").WithTags("Favorites").RequireAuthorization();
        favorites.MapGet("/", ListAsync).WithName("listMyFavorites").WithoutCaching();
        favorites.MapPut("/{movieId:long}", PutAsync).WithName("putFavorite");
        favorites.MapDelete("/{movieId:long}", DeleteAsync).WithName("deleteFavorite");
    }

    /// <summary>List one's favourites</summary>
    /// <remarks>Latest first, unless sorted otherwise.</remarks>
    internal static async Task<Ok<Page<Favorite>>> ListAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReadPageAsync(Favorite.ListOf(user.Id(), sort), page, context, cancellationToken));

    /// <summary>Keep a film as a favourite</summary>
    /// <remarks>Succeeds as well when it is one already.</remarks>
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

    /// <summary>Drop a favourite</summary>
    /// <remarks>Succeeds as well when the film is none.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        long movieId, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var deleted = await db.ExecuteAsync(
            new SqlBuilder($"DELETE FROM favorites WHERE user_id = {user.Id()} AND movie_id = {movieId}"), cancellationToken);
        return deleted > 0 || await db.MovieExistsAsync(movieId, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}

/// <summary>A film that a person keeps.</summary>
public sealed record Favorite
{
    public required MovieSummary Movie { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static ListQuery<Favorite> ListOf(long userId, TimeSort sort) => new()
    {
        Columns = $"f.created_at, {MovieSummary.Columns}",
        From = $"favorites f JOIN {MovieSummary.From} ON m.id = f.movie_id",
        Where = [$"f.user_id = {userId}"],
        Sort = sort.On($"f.created_at"),
        TieBreaker = "f.movie_id",
        Reader = userId,
        Read = row => new() { CreatedAt = row.GetFieldValue<DateTimeOffset>(0), Movie = MovieSummary.Read(row, 1) },
    };
}
