using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>Where an import writes its batches.</summary>
internal interface IImportTarget
{
    /// <summary>Writes all of the movies or none.</summary>
    /// <param name="movies">Movies with distinct titles and release dates.</param>
    /// <param name="before">The counts of the import so far.</param>
    /// <param name="cancellationToken">Cancels the batch.</param>
    /// <returns>The counts including this batch.</returns>
    /// <exception cref="Npgsql.PostgresException">A movie has another one's id (<see cref="MovieConflict"/>).</exception>
    Task<ImportCounts> WriteAsync(IReadOnlyCollection<MovieRequest> movies, ImportCounts before, CancellationToken cancellationToken);

    /// <summary>The movies with these titles that the catalog has, or would have by now, by release date.</summary>
    Task<List<KnownMovie>> FindAsync(string[] titles, CancellationToken cancellationToken);

    /// <summary>Records the counts of an import that writes no movie.</summary>
    Task RecordAsync(ImportCounts counts, CancellationToken cancellationToken);

    /// <summary>What the movies look like that a dry run would write; null for an import.</summary>
    ImportPreview? Preview { get; }
}

/// <summary>What identifies a movie.</summary>
internal sealed record KnownMovie(string Title, DateOnly ReleaseDate);

/// <summary>
/// Writes to the catalog. The whole import is one audit entry, whose counts are updated in each transaction, so that it is right even for
/// an import that broke off.
/// </summary>
internal sealed class ImportIntoCatalog(MovieDbContext db, AuditTrail audit, ClaimsPrincipal user) : IImportTarget
{
    /// <summary>The action in the audit trail.</summary>
    public const string Act = "movies.imported";

    private long? _auditEntry;

    public ImportPreview? Preview => null;

    /// <exception cref="ImportForbiddenException">The user is no longer an admin.</exception>
    public async Task<ImportCounts> WriteAsync(
        IReadOnlyCollection<MovieRequest> movies, ImportCounts before, CancellationToken cancellationToken)
    {
        (var counts, _auditEntry) = await db.WriteMoviesAsync(
            async token =>
            {
                await RequireAdminAsync(token);
                var counts = before + await MovieTables.Catalog.UpsertAsync(db, movies, token);
                return (counts, await WriteEntryAsync(counts, token));
            },
            cancellationToken);
        return counts;
    }

    public Task<List<KnownMovie>> FindAsync(string[] titles, CancellationToken cancellationToken) =>
        db.Movies.Where(movie => titles.Contains(movie.Title)).OrderBy(movie => movie.ReleaseDate)
            .Select(movie => new KnownMovie(movie.Title, movie.ReleaseDate)).ToListAsync(cancellationToken);

    public async Task RecordAsync(ImportCounts counts, CancellationToken cancellationToken) =>
        _auditEntry = await WriteEntryAsync(counts, cancellationToken);

    /// <summary>Check again: an import can take hours, and the request was authorized at its start only.</summary>
    private async Task RequireAdminAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentUserMiddleware.VerifyAsync(user, db, cancellationToken);
        if (!current.IsInRole(Roles.Admin))
        {
            throw new ImportForbiddenException(isSignedIn: current.Identity?.IsAuthenticated == true);
        }
    }

    private async Task<long> WriteEntryAsync(ImportCounts counts, CancellationToken cancellationToken)
    {
        if (_auditEntry is not { } entry)
        {
            return await audit.RecordAsync(Act, "movie", AuditEntry.NoSubject, null, counts, cancellationToken);
        }

        await audit.UpdateAsync(entry, counts, cancellationToken);
        return entry;
    }
}

/// <summary>The user may no longer import: the role was removed or the session has ended.</summary>
internal sealed class ImportForbiddenException(bool isSignedIn) : Exception
{
    public int Status => isSignedIn ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
}

/// <summary>
/// A dry run: runs the import's own statements on temporary tables, to which it first copies the movies that a batch concerns. So it
/// reports exactly what the import would do, including lines that conflict with earlier ones, without locking the catalog or firing its
/// triggers. It reads one snapshot, and everything is dropped with the transaction.
/// </summary>
internal sealed class ImportTrial : IImportTarget, IAsyncDisposable
{
    private const string Prefix = "tried_";
    private const string Batch = "batch";

    private static readonly MovieTables Tables = new(Prefix);

    // The unique indexes have the names of the real ones, by which conflicts are recognized. New ids are negative, so they cannot collide
    // with those of copied movies.
    private static readonly string Setup =
        $"""
        CREATE TEMPORARY TABLE {Prefix}movies (LIKE movies INCLUDING CONSTRAINTS INCLUDING DEFAULTS) ON COMMIT DROP;
        ALTER TABLE {Prefix}movies DROP sort_title, DROP search_vector, ADD PRIMARY KEY (id),
            ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1);
        CREATE UNIQUE INDEX ix_movies_title_release_date ON {Prefix}movies (title, release_date);
        CREATE UNIQUE INDEX ix_movies_imdb_id ON {Prefix}movies (imdb_id);
        CREATE UNIQUE INDEX ix_movies_tmdb_id ON {Prefix}movies (tmdb_id);
        CREATE TEMPORARY TABLE {Prefix}genres (LIKE genres INCLUDING CONSTRAINTS INCLUDING INDEXES) ON COMMIT DROP;
        ALTER TABLE {Prefix}genres ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1);
        INSERT INTO {Prefix}genres SELECT * FROM genres;
        CREATE TEMPORARY TABLE {Prefix}movie_genres (LIKE movie_genres INCLUDING INDEXES) ON COMMIT DROP
        """;

    private static readonly string Copy =
        $$"""
        WITH request AS (SELECT title, release_date, imdb_id, tmdb_id FROM jsonb_populate_recordset(NULL::movies, {0}::jsonb)),
        met AS (
            SELECT id FROM request JOIN movies USING (title, release_date)
            UNION SELECT id FROM request JOIN movies USING (imdb_id)
            UNION SELECT id FROM request JOIN movies USING (tmdb_id)),
        copied AS (
            INSERT INTO {{Prefix}}movies (id, {{MovieJson.List()}}) SELECT id, {{MovieJson.List()}} FROM movies JOIN met USING (id)
            ON CONFLICT (id) DO NOTHING RETURNING id)
        INSERT INTO {{Prefix}}movie_genres SELECT movie_genres.* FROM movie_genres JOIN copied ON copied.id = movie_id
        """;

    private static readonly string Find =
        $$"""
        SELECT title AS "Title", release_date AS "ReleaseDate" FROM movies WHERE title = ANY ({0})
        UNION SELECT title, release_date FROM {{Prefix}}movies WHERE title = ANY ({0}) ORDER BY 2
        """;

    // A movie that is copied keeps its id.
    private static readonly string Compare =
        $$"""
        SELECT {{Row("old", "")}} AS "Before", {{Row("new", Prefix)}} AS "After"
        FROM ROWS FROM (jsonb_to_recordset({0}::jsonb) AS (title text, release_date date)) WITH ORDINALITY AS r (title, release_date, position)
        JOIN {{Prefix}}movies new USING (title, release_date) LEFT JOIN movies old ON old.id = new.id ORDER BY position
        """;

    private readonly MovieDbContext _db;
    private readonly NpgsqlTransaction _transaction;
    private readonly JsonSerializerOptions _json;
    private readonly List<CreatedMovie> _created = [];
    private readonly List<UpdatedMovie> _updated = [];

    private ImportTrial(MovieDbContext db, NpgsqlTransaction transaction, JsonSerializerOptions json) =>
        (_db, _transaction, _json) = (db, transaction, json);

    public ImportPreview Preview => new() { Created = _created, Updated = _updated };

    private bool NeedsCreated => _created.Count < ImportPreview.Size;

    private bool NeedsUpdated => _updated.Count < ImportPreview.Size;

    /// <param name="db">The database; the trial takes its connection.</param>
    /// <param name="json">How the API writes what would change.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    public static async Task<ImportTrial> BeginAsync(MovieDbContext db, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var trial = new ImportTrial(db.WithoutRetries(), await db.BeginSnapshotAsync(cancellationToken), json);
        await trial._db.Database.ExecuteSqlRawAsync(Setup, cancellationToken);
        return trial;
    }

    public async Task<ImportCounts> WriteAsync(
        IReadOnlyCollection<MovieRequest> movies, ImportCounts before, CancellationToken cancellationToken)
    {
        await _transaction.SaveAsync(Batch, cancellationToken);
        try
        {
            var json = MovieJson.Serialize(movies);
            await _db.Database.ExecuteSqlRawAsync(Copy, [json], cancellationToken);
            var counts = await Tables.UpsertAsync(_db, movies, cancellationToken);
            await PreviewAsync(json, counts, cancellationToken);
            await _transaction.ReleaseAsync(Batch, cancellationToken);
            return before + counts;
        }
        catch (PostgresException)
        {
            await _transaction.RollbackAsync(Batch, CancellationToken.None);
            throw;
        }
    }

    public Task<List<KnownMovie>> FindAsync(string[] titles, CancellationToken cancellationToken) =>
        _db.Database.SqlQueryRaw<KnownMovie>(Find, [titles]).ToListAsync(cancellationToken);

    public Task RecordAsync(ImportCounts counts, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Keeps the first movies that the import would create or update, each once, and no more, however long it is. Once there are enough, or
    /// where a batch has none of them, this asks the database for nothing.
    /// </summary>
    private async Task PreviewAsync(string movies, ImportCounts counts, CancellationToken cancellationToken)
    {
        if ((!NeedsCreated || counts.Created == 0) && (!NeedsUpdated || counts.Updated == 0))
        {
            return;
        }

        foreach (var (before, after) in await _db.Database.SqlQueryRaw<TriedMovie>(Compare, movies).ToListAsync(cancellationToken))
        {
            var movie = MovieJson.Deserialize(after);
            if (before is null)
            {
                var created = new CreatedMovie { Title = movie.Title, ReleaseDate = movie.ReleaseDate };
                if (NeedsCreated && !_created.Contains(created))
                {
                    _created.Add(created);
                }
            }
            else if (NeedsUpdated && JsonDifference.Find(MovieJson.Deserialize(before), movie, _json) is ({ Count: > 0 } old, var changed)
                && !_updated.Exists(other => other.Title == movie.Title && other.ReleaseDate == movie.ReleaseDate))
            {
                _updated.Add(new() { Title = movie.Title, ReleaseDate = movie.ReleaseDate, Before = old, After = changed });
            }
        }
    }

    /// <summary>A movie and its genres as JSON.</summary>
    private static string Row(string movie, string prefix) =>
        $"""
        (to_jsonb({movie}) || jsonb_build_object('genres', ARRAY(
            SELECT g.name FROM {prefix}movie_genres mg JOIN {prefix}genres g ON g.id = mg.genre_id WHERE mg.movie_id = {movie}.id ORDER BY g.name)))::text
        """;

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _db.DisposeAsync();
    }

    /// <param name="Before">Null for a new movie.</param>
    /// <param name="After">As the batch has left it.</param>
    private sealed record TriedMovie(string? Before, string After);
}
