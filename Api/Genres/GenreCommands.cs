using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Genres;

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

    /// <summary>Runs in a transaction that excludes all writers of movies. SQL: LINQ has no table locks.</summary>
    private static Task<T> WriteGenresAsync<T>(
        this MovieDbContext db, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async token =>
            {
                await db.Database.ExecuteSqlAsync($"LOCK TABLE genres IN SHARE ROW EXCLUSIVE MODE", token);
                return await run(token);
            },
            cancellationToken);

    private static Task<GenreCount?> FindGenreAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Genres.Where(genre => genre.Id == id).Select(db.GenreCounts()).FirstOrDefaultAsync(cancellationToken);

    private static async Task RemoveGenreAsync(this MovieDbContext db, long id, CancellationToken cancellationToken)
    {
        await db.MovieGenres.Where(link => link.GenreId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Genres.Where(genre => genre.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
