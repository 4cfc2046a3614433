using System.Globalization;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Staged films with line, title, year and genres in one text, on their way to movies, genres and movie_genres.</summary>
/// <param name="connection">In a transaction that holds writers off.</param>
/// <param name="table">The staging table.</param>
/// <param name="separator">SQL of what stands between two genres.</param>
internal sealed class StagedMovies(NpgsqlConnection connection, string table, string separator)
{
    /// <summary>From the staged film "f" to those of the same title and year; published sets know no day.</summary>
    public const string JoinMovies = $"JOIN movies m ON {SameFilm}";

    private const string SameFilm = "m.title = f.title AND m.release_date BETWEEN make_date(f.year, 1, 1) AND make_date(f.year, 12, 31)";

    /// <summary>All but the first of those with the same number.</summary>
    public static string TakeRepeated(string table, string number) => $"""
        DELETE FROM {table} f USING (SELECT ctid, row_number() OVER w AS nth, min(line) OVER w AS first FROM {table} WINDOW w AS (PARTITION BY {number} ORDER BY line)) r
        WHERE r.ctid = f.ctid AND r.nth > 1
        RETURNING f.line, format('{number} %s stands on line %s, too', f.{number}, r.first)
        """;

    /// <summary>Adds films that are not there, with their genres, and gives their number; <paramref name="facts"/> are columns with SQL of the staged film "f".</summary>
    public async Task<long> AddAsync((string Column, string Value)[] facts, CancellationToken cancellationToken)
    {
        var last = await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM movies", cancellationToken);
        var sql = $"""
            INSERT INTO movies (title, release_date{string.Concat(facts.Select(fact => $", {fact.Column}"))})
            SELECT DISTINCT ON (f.title, f.year) f.title, make_date(f.year, 1, 1){string.Concat(facts.Select(fact => $", {fact.Value}"))}
            FROM {table} f WHERE NOT EXISTS (SELECT FROM movies m WHERE {SameFilm}) ORDER BY f.title, f.year, f.line
            """;
        var added = await new BulkInsert(connection, "movies", token => connection.ExecuteAsync(sql, token)).RunAsync(await CountAsync(cancellationToken), cancellationToken);
        await connection.ExecuteAsync("ANALYZE movies", cancellationToken);
        await AddGenresAsync(last, cancellationToken);
        return added;
    }

    // Only new films get them; another's genres may have been changed by people.
    private async Task AddGenresAsync(long last, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            $"""
            INSERT INTO genres (name)
            SELECT DISTINCT name FROM {table} f, LATERAL (SELECT trim(unnest(string_to_array(f.genres, {separator}))) COLLATE case_insensitive AS name) g
            ON CONFLICT (name) DO NOTHING
            """,
            cancellationToken);
        var sql = $"""
            INSERT INTO movie_genres (movie_id, genre_id)
            SELECT DISTINCT m.id, genres.id FROM {table} f {JoinMovies}
                CROSS JOIN LATERAL (SELECT trim(unnest(string_to_array(f.genres, {separator}))) AS name) g
                JOIN genres ON genres.name = g.name COLLATE case_insensitive
            WHERE m.id > {last.ToString(CultureInfo.InvariantCulture)}
            """;
        await new BulkInsert(connection, "movie_genres", token => connection.ExecuteAsync(sql, token)).RunAsync(await CountAsync(cancellationToken), cancellationToken);
    }

    private Task<long> CountAsync(CancellationToken cancellationToken) => connection.ScalarAsync<long>($"SELECT count(*) FROM {table}", cancellationToken);
}
