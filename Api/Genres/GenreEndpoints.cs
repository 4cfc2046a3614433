using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Genres;

/// <summary>Genres. Writing a movie creates the genres that it names; admins rename, merge and delete them.</summary>
internal static class GenreEndpoints
{
    public static void MapGenres(this IEndpointRouteBuilder api)
    {
        var genres = api.MapGroup("/genres").WithTags("Genres").EvictsCache();
        genres.MapGet("/", ListAsync).WithName("listGenres").WithPublicCaching(CacheScope.Catalog);
        genres.MapGet("/{id:id}", GetAsync).WithName("getGenre").WithPublicCaching(CacheScope.Catalog);
        genres.MapPost("/", PostAsync).WithName("postGenre").WithoutCaching().WithIdempotency().RequireAuthorization(Policies.Admin);

        var admin = api.MapGroup("/genres/{id:id}").WithTags("Genres").RequireAuthorization(Policies.Admin).EvictsCache();
        admin.MapPut("/", PutAsync).WithName("putGenre").WithoutCaching().ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/merge", MergeAsync).WithName("mergeGenre").WithoutCaching().WithIdempotency();
        admin.MapDelete("/", DeleteAsync).WithName("deleteGenre").ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>List genres</summary>
    /// <remarks>All genres by name, each with the number of its movies; not paged.</remarks>
    internal static async Task<Ok<GenreList>> ListAsync(MovieDbContext db, CancellationToken cancellationToken) =>
        TypedResults.Ok(new GenreList(await db.Genres.OrderBy(genre => genre.Name).Select(db.GenreCounts()).ToListAsync(cancellationToken)));

    /// <summary>Get a genre</summary>
    /// <remarks>Its name and the number of its movies.</remarks>
    internal static async Task<Results<Ok<GenreCount>, NotFound>> GetAsync(long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.Genres.Where(genre => genre.Id == id).Select(db.GenreCounts()).FirstOrDefaultAsync(cancellationToken) is { } genre
            ? TypedResults.Ok(genre)
            : TypedResults.NotFound();

    /// <summary>Create a genre</summary>
    /// <remarks>
    /// Creates a genre without movies. Writing a movie creates the genres that it names, too. 409 when a genre has the name, ignoring case.
    /// </remarks>
    internal static Task<Results<Created<GenreCount>, ProblemHttpResult>> PostAsync(
        GenreRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken) =>
        db.CreateGenreAsync(request.Name, audit, cancellationToken);

    /// <summary>Rename a genre</summary>
    /// <remarks>Its movies get a new version. 409 when another genre has the name, ignoring case: merge the two instead.</remarks>
    internal static Task<Results<Ok<GenreCount>, NotFound, ProblemHttpResult>> PutAsync(
        long id, GenreRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken) =>
        db.RenameGenreAsync(id, request.Name, audit, cancellationToken);

    /// <summary>Merge a genre into another one</summary>
    /// <remarks>Its movies get the other genre, and it is deleted. The response is the other genre.</remarks>
    internal static Task<Results<Ok<GenreCount>, NotFound>> MergeAsync(
        long id, GenreMerge merge, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken) =>
        db.MergeGenreAsync(id, merge.Into, audit, cancellationToken);

    /// <summary>Delete a genre</summary>
    /// <remarks>409 while movies have it, unless fromMovies is true. The movies stay.</remarks>
    internal static Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        long id,
        [FromQuery(Name = "fromMovies"), DefaultValue(false), Description("Whether to take the genre off the movies that have it.")]
        bool? fromMovies,
        MovieDbContext db,
        AuditTrail audit,
        CancellationToken cancellationToken) =>
        db.DeleteGenreAsync(id, fromMovies == true, audit, cancellationToken);
}

/// <summary>All genres.</summary>
public sealed record GenreList(IReadOnlyList<GenreCount> Items);

/// <summary>A genre and the number of its movies.</summary>
public sealed record GenreCount(long Id, string Name, long MovieCount);

/// <summary>A genre's name.</summary>
public sealed record GenreRequest
{
    [Line(Limits.GenreName)]
    public required string Name { get; init; }
}

/// <summary>The genre to merge into.</summary>
public sealed record GenreMerge
{
    /// <summary>The id of the genre that its movies get.</summary>
    public required long Into { get; init; }
}
