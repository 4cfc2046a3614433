using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Staged movies with line, title, year and genres in one text, on their way to movies, genres and movie_genres.</summary>
/// <param name="connection">In a transaction that keeps other writers out.</param>
/// <param name="table">The staging table.</param>
/// <param name="separator">SQL of what stands between two genres.</param>
internal sealed class StagedMovies(NpgsqlConnection connection, string table, string separator)
{
    /// <summary>From the staged movie "s" to those of the same title and year; published sets know no day.</summary>
    public const string JoinMovies = $"JOIN movies m ON {SameMovie}";

    private const string SameMovie = "m.title = s.title AND m.release_date BETWEEN make_date(s.year, 1, 1) AND make_date(s.year, 12, 31)";

    private readonly string _genreNames =
        $"LATERAL (SELECT trim(unnest(string_to_array(s.genres, {separator}))) COLLATE case_insensitive AS genre_name) g";

    /// <summary>All but the first of those with the same number.</summary>
    public static string RejectDuplicates(string table, string number) => $"""
        DELETE FROM {table} s USING (
            SELECT ctid, row_number() OVER w AS nth, min(line) OVER w AS first
            FROM {table} WINDOW w AS (PARTITION BY {number} ORDER BY line)) r
        WHERE r.ctid = s.ctid AND r.nth > 1
        RETURNING s.line, format('{number} %s stands on line %s, too', s.{number}, r.first)
        """;

    /// <summary>
    /// Adds movies that are not there, with their genres, and gives their number; <paramref name="columns"/> are filled by SQL of the
    /// staged movie "s".
    /// </summary>
    public async Task<long> AddAsync((string Column, string Value)[] columns, CancellationToken cancellationToken)
    {
        var last = await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM movies", cancellationToken);
        var sql = $"""
            INSERT INTO movies (title, release_date{string.Concat(columns.Select(column => $", {column.Column}"))})
            SELECT DISTINCT ON (s.title, s.year)
                s.title, make_date(s.year, 1, 1){string.Concat(columns.Select(column => $", {column.Value}"))}
            FROM {table} s WHERE NOT EXISTS (SELECT FROM movies m WHERE {SameMovie}) ORDER BY s.title, s.year, s.line
            """;
        var insert = new BulkInsert(connection, "movies", token => connection.ExecuteAsync(sql, token));
        var added = await insert.RunAsync(await CountAsync(cancellationToken), cancellationToken);
        await AddGenresAsync(last, cancellationToken);
        return added;
    }

    // Only new movies get them: the genres of others may have been edited.
    private async Task AddGenresAsync(long last, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            $"INSERT INTO genres (name) SELECT DISTINCT genre_name FROM {table} s, {_genreNames} ON CONFLICT (name) DO NOTHING",
            cancellationToken);
        var sql = $"""
            INSERT INTO movie_genres (movie_id, genre_id)
            SELECT DISTINCT m.id, genres.id FROM {table} s {JoinMovies} CROSS JOIN {_genreNames} JOIN genres ON genres.name = genre_name
            WHERE m.id > $1
            """;
        var insert = new BulkInsert(connection, "movie_genres", token => connection.ExecuteAsync(sql, token, last));
        await insert.RunAsync(await CountAsync(cancellationToken), cancellationToken);
    }

    private Task<long> CountAsync(CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>($"SELECT count(*) FROM {table}", cancellationToken);
}
