using System.ComponentModel;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

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

/// <summary>
/// Changes genres. Changes are serialized with each other and with writes of movies, so that checks hold until the end of the transaction.
/// </summary>
internal static class GenreCommands
{
    private const string Subject = "genre";

    public static Expression<Func<Genre, GenreCount>> GenreCounts(this MovieDbContext db) => genre =>
        new(genre.Id, genre.Name, db.MovieGenres.LongCount(link => link.GenreId == genre.Id));

    public static Task<Results<Created<GenreCount>, ProblemHttpResult>> CreateGenreAsync(
        this MovieDbContext db, string name, AuditTrail audit, CancellationToken cancellationToken) =>
        db.WriteGenresAsync<Results<Created<GenreCount>, ProblemHttpResult>>(
            async token =>
            {
                if (await db.Genres.FirstOrDefaultAsync(other => other.Name == name, token) is { } taken)
                {
                    return ApiProblem.Create(
                        StatusCodes.Status409Conflict, ProblemCodes.GenreExists, $"The genre {taken.Id} has this name.");
                }

                var ids = await db.Database.SqlQuery<long>($"""INSERT INTO genres (name) VALUES ({name}) RETURNING id AS "Value" """)
                    .ToListAsync(token);
                await audit.RecordAsync("genre.created", Subject, ids[0], null, new { name }, token);
                return TypedResults.Created($"/api/v1/genres/{ids[0]}", new GenreCount(ids[0], name, 0));
            },
            cancellationToken);

    public static Task<Results<Ok<GenreCount>, NotFound, ProblemHttpResult>> RenameGenreAsync(
        this MovieDbContext db, long id, string name, AuditTrail audit, CancellationToken cancellationToken) =>
        db.WriteGenresAsync<Results<Ok<GenreCount>, NotFound, ProblemHttpResult>>(
            async token =>
            {
                if (await db.FindGenreAsync(id, token) is not { } genre)
                {
                    return TypedResults.NotFound();
                }

                if (await db.Genres.FirstOrDefaultAsync(other => other.Name == name && other.Id != id, token) is { } taken)
                {
                    return ApiProblem.Create(
                        StatusCodes.Status409Conflict,
                        ProblemCodes.GenreExists,
                        $"The genre {taken.Id} has this name. To make them one, POST /api/v1/genres/{id}/merge with {{\"into\":{taken.Id}}}.");
                }

                if (genre.Name != name)
                {
                    await db.Genres.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, name), token);

                    // Touch the genre's movies, because their representation contains the name. A trigger sets version and time.
                    await db.Movies.Where(movie => db.MovieGenres.Any(link => link.MovieId == movie.Id && link.GenreId == id))
                        .ExecuteUpdateAsync(set => set.SetProperty(movie => movie.Version, movie => movie.Version + 1), token);
                    await audit.RecordAsync("genre.renamed", Subject, id, new { genre.Name }, new { Name = name }, token);
                }

                return TypedResults.Ok(genre with { Name = name });
            },
            cancellationToken);

    /// <exception cref="InvalidRequestException">The target does not exist or is the genre itself.</exception>
    public static Task<Results<Ok<GenreCount>, NotFound>> MergeGenreAsync(
        this MovieDbContext db, long id, long into, AuditTrail audit, CancellationToken cancellationToken) =>
        db.WriteGenresAsync<Results<Ok<GenreCount>, NotFound>>(
            async token =>
            {
                if (await db.FindGenreAsync(id, token) is not { } genre)
                {
                    return TypedResults.NotFound();
                }

                if (into == id || await db.FindGenreAsync(into, token) is null)
                {
                    throw new InvalidRequestException("into", "The value must be the id of another genre.");
                }

                await db.MovieGenres
                    .Where(link => link.GenreId == id && !db.MovieGenres.Any(other => other.MovieId == link.MovieId && other.GenreId == into))
                    .ExecuteUpdateAsync(set => set.SetProperty(link => link.GenreId, into), token);
                await db.RemoveGenreAsync(id, token);
                var merged = (await db.FindGenreAsync(into, token))!;
                await audit.RecordAsync(
                    "genre.merged", Subject, id, new { genre.Name, genre.MovieCount }, new { Into = into, merged.Name, merged.MovieCount }, token);
                return TypedResults.Ok(merged);
            },
            cancellationToken);

    public static Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteGenreAsync(
        this MovieDbContext db, long id, bool fromMovies, AuditTrail audit, CancellationToken cancellationToken) =>
        db.WriteGenresAsync<Results<NoContent, NotFound, ProblemHttpResult>>(
            async token =>
            {
                if (await db.FindGenreAsync(id, token) is not { } genre)
                {
                    return TypedResults.NotFound();
                }

                if (genre.MovieCount > 0 && !fromMovies)
                {
                    return ApiProblem.Create(
                        StatusCodes.Status409Conflict,
                        ProblemCodes.GenreInUse,
                        $"{genre.MovieCount} movies have this genre. Merge it into another one, or send fromMovies=true to take it off them.");
                }

                await db.RemoveGenreAsync(id, token);
                await audit.RecordAsync("genre.deleted", Subject, id, new { genre.Name, genre.MovieCount }, null, token);
                return TypedResults.NoContent();
            },
            cancellationToken);

    /// <summary>Runs in a transaction that excludes all writers of movies and of genres.</summary>
    private static Task<T> WriteGenresAsync<T>(
        this MovieDbContext db, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.InTransactionAsync($"LOCK TABLE genres IN SHARE ROW EXCLUSIVE MODE", run, cancellationToken);

    private static Task<GenreCount?> FindGenreAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Genres.Where(genre => genre.Id == id).Select(db.GenreCounts()).FirstOrDefaultAsync(cancellationToken);

    private static async Task RemoveGenreAsync(this MovieDbContext db, long id, CancellationToken cancellationToken)
    {
        await db.MovieGenres.Where(link => link.GenreId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Genres.Where(genre => genre.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
