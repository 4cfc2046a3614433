using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Genres;

internal static class GenreEndpoints
{
    public static void MapGenres(this IEndpointRouteBuilder api) =>
        api.MapGet("/genres", ListAsync).WithTags("Genres").WithName("listGenres").WithPublicCaching();

    /// <summary>List genres</summary>
    /// <remarks>All genres by name, each with the number of its movies; not paged.</remarks>
    internal static async Task<Ok<GenreList>> ListAsync(MovieDbContext db, CancellationToken cancellationToken) =>
        TypedResults.Ok(new GenreList(await db.Genres
            .OrderBy(genre => genre.Name)
            .Select(genre => new GenreCount(genre.Name, db.MovieGenres.LongCount(link => link.GenreId == genre.Id)))
            .ToListAsync(cancellationToken)));
}

/// <summary>All genres.</summary>
public sealed record GenreList(IReadOnlyList<GenreCount> Items);

/// <summary>A genre and the number of its movies.</summary>
public sealed record GenreCount(string Name, long MovieCount);
