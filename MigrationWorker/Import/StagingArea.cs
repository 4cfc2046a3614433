using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// The schema <c>import</c>, which has the rows that an import has read until all of them are merged, so that an interrupted import
/// continues where it stopped. Its tables are unlogged: a crash of the server empties all of them together.
/// </summary>
internal sealed class StagingArea(NpgsqlConnection connection)
{
    public const string Schema = "import";

    /// <summary>Movies by their number in the source; the day is null where only the year is known.</summary>
    public const string Movies = $"{Schema}.movies";

    /// <summary>Scores of movies by the same number.</summary>
    public const string Scores = $"{Schema}.scores";

    public const string Ratings = $"{Schema}.ratings";

    /// <summary>The movies' ids at IMDb and TMDB, by the same number.</summary>
    public const string Links = $"{Schema}.links";

    /// <summary>What stopping an import leaves, and what to do about it.</summary>
    public const string Stopped = "Stopped; nothing of the import is visible yet. Run it again to go on from what was read, "
        + $"or discard that: DROP SCHEMA IF EXISTS {Schema} CASCADE;";

    private const string Progress = $"{Schema}.progress";
    private const string Rejected = $"{Schema}.rejected";

    /// <summary>The data set of an unfinished import; null if there is none.</summary>
    public static Task<string?> DataSetAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ScalarAsync<string>($"SELECT obj_description(to_regnamespace('{Schema}'), 'pg_namespace')", cancellationToken);

    /// <summary>Describes what to do about an unfinished import.</summary>
    public static string Describe(string dataSet) =>
        $"An import of {dataSet} is running or was interrupted; none of it is visible yet. "
        + $"Run it again to continue, or discard it: DROP SCHEMA {Schema} CASCADE;";

    /// <summary>Creates the schema. Replaces one of another data set or another build.</summary>
    public async Task PrepareAsync(string dataSet, CancellationToken cancellationToken)
    {
        var left = await DataSetAsync(connection, cancellationToken);
        var isOurs = left == dataSet
            && await connection.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", cancellationToken, Links);
        await connection.ExecuteAsync(
            $"""
            {(left is null || isOurs ? "" : $"DROP SCHEMA {Schema} CASCADE;")}
            CREATE SCHEMA IF NOT EXISTS {Schema};
            COMMENT ON SCHEMA {Schema} IS '{dataSet}';
            CREATE UNLOGGED TABLE IF NOT EXISTS {Movies} (
                line bigint NOT NULL, key integer NOT NULL, title text NOT NULL, year integer NOT NULL, day date, runtime integer,
                genres text[] NOT NULL, director text, mpaa_rating text, budget bigint, worldwide_gross bigint,
                rating smallint, rated_at timestamptz, imdb_id text, tmdb_id integer);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Links} (line bigint NOT NULL, key integer NOT NULL, imdb_id text, tmdb_id integer);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Scores} (
                line bigint NOT NULL, key integer NOT NULL, rating numeric NOT NULL, votes integer NOT NULL);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Ratings} (
                line bigint NOT NULL, user_key integer NOT NULL, movie_key integer NOT NULL, value smallint NOT NULL, at timestamptz);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Progress} (
                staged text PRIMARY KEY, file text NOT NULL, hash bytea NOT NULL, line bigint NOT NULL, position bigint NOT NULL,
                skipped bigint NOT NULL);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Rejected} (
                staged text NOT NULL, file text NOT NULL, line bigint NOT NULL, reason text NOT NULL, is_note boolean NOT NULL);
            """,
            cancellationToken);
    }

    /// <summary>The progress of an earlier run with a file; null if it has not started.</summary>
    public async Task<(long Line, long Position, byte[] Hash)?> FindProgressAsync(
        string table, string file, CancellationToken cancellationToken) =>
        await connection
            .QueryAsync(
                $"SELECT line, position, hash FROM {Progress} WHERE staged = $1 AND file = $2",
                row => ((long, long, byte[])?)(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
                cancellationToken,
                table, file)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Deletes the rows of an earlier run from a table.</summary>
    public Task<long> ForgetAsync(string table, CancellationToken cancellationToken) => connection.ExecuteAsync(
        $"TRUNCATE {table}; DELETE FROM {Rejected} WHERE staged = '{table}'; DELETE FROM {Progress} WHERE staged = '{table}'",
        cancellationToken);

    /// <summary>Records the progress with a file, the rows rejected since and the number of skipped rows.</summary>
    public Task<long> SaveProgressAsync(
        string table, string file, DelimitedReader rows, IReadOnlyCollection<(long Line, string Reason, bool IsNote)> rejected,
        long skipped, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"""
            WITH rejected AS (
                INSERT INTO {Rejected} SELECT $1, $2, line, reason, is_note FROM unnest($7, $8, $9) AS r (line, reason, is_note))
            INSERT INTO {Progress} AS p VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (staged) DO UPDATE SET hash = excluded.hash, line = excluded.line, position = excluded.position,
                skipped = p.skipped + excluded.skipped
            """,
            cancellationToken,
            table, file, rows.HashSoFar(), rows.LastLine, rows.Position, skipped,
            rejected.Select(reject => reject.Line).ToArray(), rejected.Select(reject => reject.Reason).ToArray(),
            rejected.Select(reject => reject.IsNote).ToArray());

    /// <summary>Adds the lines and reasons that a statement returns to the rejected rows of a table, and returns their number.</summary>
    public Task<long> RejectAsync(string table, string sql, CancellationToken cancellationToken) =>
        TellAsync(table, sql, isNote: false, cancellationToken);

    /// <summary>Adds the lines and reasons that a statement returns to the notes of a table's rows.</summary>
    public Task<long> NoteAsync(string table, string sql, CancellationToken cancellationToken) =>
        TellAsync(table, sql, isNote: true, cancellationToken);

    /// <summary>How many rows of a table's file were rejected and skipped.</summary>
    public Task<(long Rejected, long Skipped)> CountRejectedAsync(string table, CancellationToken cancellationToken) => connection
        .QueryAsync(
            $"""
            SELECT (SELECT count(*) FROM {Rejected} WHERE staged = $1 AND NOT is_note),
                coalesce((SELECT skipped FROM {Progress} WHERE staged = $1), 0)
            """,
            row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, table)
        .SingleAsync(cancellationToken)
        .AsTask();

    public Task<long> CountAsync(string table, CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>($"SELECT count(*) FROM {table}", cancellationToken);

    /// <summary>Reports the rejects of all files, in order.</summary>
    public async Task ReportAsync(Rejects rejects, CancellationToken cancellationToken)
    {
        const string Sql = $"SELECT file, line, reason, is_note FROM {Rejected} ORDER BY file, line, is_note";
        var rows = connection.QueryAsync(
            Sql, row => (row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBoolean(3)), cancellationToken);
        await foreach (var (file, line, reason, isNote) in rows)
        {
            if (isNote)
            {
                rejects.Note(file, line, reason);
            }
            else
            {
                rejects.Add(file, line, reason);
            }
        }
    }

    /// <summary>Drops the schema, in the transaction of the merge.</summary>
    public Task DropAsync(CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"DROP SCHEMA {Schema} CASCADE", cancellationToken);

    private Task<long> TellAsync(string table, string sql, bool isNote, CancellationToken cancellationToken) => connection.ExecuteAsync(
        $"""
        WITH told (line, reason) AS ({sql})
        INSERT INTO {Rejected} SELECT '{table}', file, told.line, reason, {isNote}
        FROM told CROSS JOIN (SELECT file FROM {Progress} WHERE staged = '{table}') AS p
        """,
        cancellationToken);
}
