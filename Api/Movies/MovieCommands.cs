using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>Writes single movies. Unique indexes detect conflicts, which is safe against races (<see cref="MovieConflict"/>).</summary>
internal static class MovieCommands
{
    private const string Subject = "movie";

    private static readonly string Insert =
        $"""
        INSERT INTO movies ({MovieJson.List()}) SELECT * FROM {MovieJson.Rows} RETURNING id AS "Value"
        """;

    private static readonly string Update =
        $$"""
        UPDATE movies SET ({{MovieJson.List()}}) = ROW ({{MovieJson.List("request")}}) FROM {{MovieJson.Rows}}
        WHERE movies.id = {1} AND ({{MovieJson.List("movies")}}) IS DISTINCT FROM ({{MovieJson.List("request")}})
        """;

    /// <summary>
    /// Runs in a transaction that writes movies. It first takes a lock that excludes changes of genres
    /// (<see cref="Genres.GenreCommands"/>), which touch any number of movies: so the two cannot deadlock, and no genre is deleted while a
    /// movie is about to get it.
    /// </summary>
    public static Task<T> WriteMoviesAsync<T>(
        this MovieDbContext db, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.InTransactionAsync($"LOCK TABLE genres IN ROW EXCLUSIVE MODE", run, cancellationToken);

    public static Task<MovieDetail> InsertMovieAsync(
        this MovieDbContext db, AuditTrail audit, MovieRequest movie, CancellationToken cancellationToken) =>
        db.WriteMoviesAsync(
            async token =>
            {
                var ids = await db.Database.SqlQueryRaw<long>(Insert, MovieJson.Serialize([movie])).ToListAsync(token);
                await MovieTables.Catalog.SetGenresAsync(db, [movie], token);
                await audit.RecordAsync("movie.created", Subject, ids[0], null, await db.FindMovieRequestAsync(ids[0], token), token);
                return (await db.FindMovieAsync(ids[0], token))!;
            },
            cancellationToken);

    /// <summary>
    /// Applies <paramref name="change"/> to a movie whose version meets the <paramref name="precondition"/>. A change without effect is not
    /// written, so that the version stays.
    /// </summary>
    public static Task<WriteResult> UpdateMovieAsync(
        this MovieDbContext db,
        AuditTrail audit,
        long id,
        Func<MovieRequest, MovieRequest> change,
        IfMatch precondition,
        CancellationToken cancellationToken) =>
        db.WriteMoviesAsync(
            async token =>
            {
                // Lock the row until the end, so that no concurrent edit is lost, whatever If-Match allows.
                await db.Database.ExecuteSqlAsync($"SELECT FROM movies WHERE id = {id} FOR NO KEY UPDATE", token);
                if (await db.FindMovieRequestAsync(id, token) is not { } current)
                {
                    return WriteResult.NotFound;
                }

                if (!precondition.Allows(current.Version))
                {
                    return WriteResult.PreconditionFailed;
                }

                var movie = change(current);
                await db.Database.ExecuteSqlRawAsync(Update, [MovieJson.Serialize([movie]), id], token);
                await MovieTables.Catalog.SetGenresAsync(db, [movie], token);
                var written = await db.FindMovieRequestAsync(id, token);
                await audit.RecordChangeAsync("movie.updated", Subject, id, current, written!, token);
                return WriteResult.Done;
            },
            cancellationToken);

    public static Task<WriteResult> DeleteMovieAsync(
        this MovieDbContext db, AuditTrail audit, long id, IfMatch precondition, CancellationToken cancellationToken) =>
        db.WriteMoviesAsync(
            async token =>
            {
                // Lock the row, so that the audit entry describes exactly what is deleted.
                await db.Database.ExecuteSqlAsync($"SELECT FROM movies WHERE id = {id} FOR UPDATE", token);
                if (await db.FindMovieRequestAsync(id, token) is not { } movie)
                {
                    return WriteResult.NotFound;
                }

                if (!precondition.Allows(movie.Version))
                {
                    return WriteResult.PreconditionFailed;
                }

                await db.Movies.Where(row => row.Id == id).ExecuteDeleteAsync(token);
                await audit.RecordAsync("movie.deleted", Subject, id, movie, null, token);
                return WriteResult.Done;
            },
            cancellationToken);
}

/// <summary>The outcome of a write.</summary>
internal enum WriteResult
{
    Done,
    NotFound,
    PreconditionFailed,
}

/// <summary>A unique value that another movie has.</summary>
internal sealed record MovieConflict(string Field, string Code, string Reason)
{
    private static readonly Dictionary<string, MovieConflict> ByIndex = new()
    {
        ["ix_movies_title_release_date"] = new("title", ProblemCodes.MovieExists, "A movie with this title and release date exists."),
        ["ix_movies_imdb_id"] = new("imdbId", ProblemCodes.ImdbIdExists, "Another movie has this imdbId; GET /movies?imdbId= finds it."),
        ["ix_movies_tmdb_id"] = new("tmdbId", ProblemCodes.TmdbIdExists, "Another movie has this tmdbId; GET /movies?tmdbId= finds it."),
    };

    public ProblemHttpResult Problem => ApiProblem.Create(StatusCodes.Status409Conflict, Code, Reason);

    /// <summary>The conflict that made a statement fail; null if it failed for another reason.</summary>
    public static MovieConflict? Find(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation ? ByIndex.GetValueOrDefault(exception.ConstraintName ?? "") : null;
}

/// <summary>
/// Movies as one JSON parameter of a statement, which PostgreSQL reads as rows of the table, so that writing one movie and importing a
/// thousand is the same SQL.
/// </summary>
internal static class MovieJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The columns that a request sets: all of its properties except the genres.</summary>
    public static readonly IReadOnlyList<string> Columns =
        [.. Options.GetTypeInfo(typeof(MovieRequest)).Properties.Select(property => property.Name).Where(name => name != "genres")];

    /// <summary>The movies of the statement's first parameter.</summary>
    public static readonly string Rows = $"(SELECT {List()} FROM jsonb_populate_recordset(NULL::movies, {{0}}::jsonb)) AS request";

    /// <summary>Lists the <see cref="Columns"/>, optionally qualified by a table and without some of them.</summary>
    public static string List(string? table = null, params string[] without) =>
        string.Join(", ", Columns.Except(without).Select(column => table is null ? column : $"{table}.{column}"));

    public static string Serialize(IReadOnlyCollection<MovieRequest> movies) => JsonSerializer.Serialize(movies, Options);

    /// <summary>Reads a row of the table with its genres.</summary>
    public static MovieRequest Deserialize(string row) => JsonSerializer.Deserialize<MovieRequest>(row, Options)!;
}

/// <summary>
/// Writes any number of movies in three statements, to the tables of the catalog or to copies of them. SQL: LINQ has no upsert.
/// </summary>
internal sealed class MovieTables
{
    public static readonly MovieTables Catalog = new("");

    private readonly string _upsert;
    private readonly string _addGenres;
    private readonly string _setGenres;

    /// <param name="prefix">Prefix of the tables' names; empty for the catalog.</param>
    public MovieTables(string prefix)
    {
        // Ordered by the key, so that two imports cannot deadlock. xmax is 0 only for inserted rows.
        _upsert =
            $"""
            INSERT INTO {prefix}movies AS movies ({MovieJson.List()}) SELECT * FROM {MovieJson.Rows} ORDER BY title, release_date
            ON CONFLICT (title, release_date) DO UPDATE SET ({Details()}) = ({Details("excluded")})
            WHERE ({Details("movies")}) IS DISTINCT FROM ({Details("excluded")}) RETURNING id AS "Id", xmax = 0 AS "IsNew"
            """;

        // Ordered by name, so that two writers of the same new genres cannot deadlock.
        _addGenres =
            $$"""
            INSERT INTO {{prefix}}genres (name)
            SELECT DISTINCT genre_name FROM jsonb_to_recordset({0}::jsonb) AS r (genres text[]), unnest(r.genres) AS genre_name
            ORDER BY genre_name ON CONFLICT DO NOTHING
            """;
        _setGenres =
            $$"""
            WITH written AS (
                SELECT m.id, r.genres FROM jsonb_to_recordset({0}::jsonb) AS r (title text, release_date date, genres text[])
                JOIN {{prefix}}movies m USING (title, release_date)),
            wanted AS (
                SELECT written.id AS movie_id, g.id AS genre_id
                FROM written, unnest(written.genres) AS genre_name JOIN {{prefix}}genres g ON g.name = genre_name),
            dropped AS (
                DELETE FROM {{prefix}}movie_genres mg USING written
                WHERE mg.movie_id = written.id AND (mg.movie_id, mg.genre_id) NOT IN (SELECT movie_id, genre_id FROM wanted)
                RETURNING mg.movie_id),
            added AS (
                INSERT INTO {{prefix}}movie_genres (movie_id, genre_id) SELECT movie_id, genre_id FROM wanted
                ON CONFLICT DO NOTHING RETURNING movie_id)
            SELECT movie_id AS "Value" FROM dropped UNION SELECT movie_id FROM added
            """;
    }

    /// <summary>Inserts new movies and updates the others. No two of them may have the same title and date.</summary>
    public async Task<ImportCounts> UpsertAsync(
        MovieDbContext db, IReadOnlyCollection<MovieRequest> movies, CancellationToken cancellationToken)
    {
        var written = await db.Database.SqlQueryRaw<WrittenMovie>(_upsert, MovieJson.Serialize(movies)).ToListAsync(cancellationToken);
        var created = written.Where(movie => movie.IsNew).Select(movie => movie.Id).ToHashSet();
        var updated = written.Where(movie => !movie.IsNew).Select(movie => movie.Id)
            .Union(await SetGenresAsync(db, movies, cancellationToken))
            .Count(id => !created.Contains(id));
        return new(created.Count, updated, movies.Count - created.Count - updated, 0);
    }

    /// <summary>Sets the genres of each movie, found by title and date. Returns the ids of the movies that changed.</summary>
    public async Task<List<long>> SetGenresAsync(
        MovieDbContext db, IReadOnlyCollection<MovieRequest> movies, CancellationToken cancellationToken)
    {
        var json = MovieJson.Serialize(movies);
        await db.Database.ExecuteSqlRawAsync(_addGenres, [json], cancellationToken);
        return await db.Database.SqlQueryRaw<long>(_setGenres, json).ToListAsync(cancellationToken);
    }

    private static string Details(string? table = null) => MovieJson.List(table, "title", "release_date");

    private sealed record WrittenMovie(long Id, bool IsNew);
}
