using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// The schema <c>import</c>, which keeps what an import has read until all of it is in its place, so that an interrupted
/// import continues where it stopped. Its tables are unlogged: a crash of the server empties all of them together.
/// </summary>
internal sealed class StagingArea(NpgsqlConnection connection)
{
    public const string Schema = "import";

    /// <summary>The data set of an import that has begun and has not ended; null where there is none.</summary>
    public static Task<string?> DataSetAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ScalarAsync<string>($"SELECT obj_description(to_regnamespace('{Schema}'), 'pg_namespace')", cancellationToken);

    /// <summary>Says what to do about an import that has not ended.</summary>
    public static string Describe(string dataSet) =>
        $"An import of {dataSet} is running or was interrupted; none of it is visible yet. "
        + $"Run it again to continue, or discard it: DROP SCHEMA {Schema} CASCADE;";

    /// <summary>Makes the schema, in place of one that another data set has left.</summary>
    public async Task PrepareAsync(string dataSet, CancellationToken cancellationToken)
    {
        var left = await DataSetAsync(connection, cancellationToken);
        await connection.ExecuteAsync(
            $"""
            {(left is null || left == dataSet ? "" : $"DROP SCHEMA {Schema} CASCADE;")}
            CREATE SCHEMA IF NOT EXISTS {Schema};
            COMMENT ON SCHEMA {Schema} IS '{dataSet}';
            CREATE UNLOGGED TABLE IF NOT EXISTS {Schema}.progress (
                file text PRIMARY KEY, version text NOT NULL, line bigint NOT NULL, position bigint NOT NULL);
            CREATE UNLOGGED TABLE IF NOT EXISTS {Schema}.rejects (file text NOT NULL, line bigint NOT NULL, reason text NOT NULL);
            """,
            cancellationToken);
    }

    /// <summary>Adds what a statement gives as line and reason to a file's rejects, and gives their number.</summary>
    public Task<long> RejectAsync(SourceFile file, string sql, CancellationToken cancellationToken) => connection.ExecuteAsync(
        $"WITH rejected (line, reason) AS ({sql}) INSERT INTO {Schema}.rejects SELECT '{file.Name}', line, reason FROM rejected",
        cancellationToken);

    public Task<long> CountAsync(string table, CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>($"SELECT count(*) FROM {table}", cancellationToken);

    /// <summary>Reports the rejects of all files, in order.</summary>
    public async Task ReportAsync(Rejects rejects, CancellationToken cancellationToken)
    {
        const string Sql = $"SELECT file, line, reason FROM {Schema}.rejects ORDER BY file, line";
        var rows = connection.QueryAsync(Sql, row => (row.GetString(0), row.GetInt64(1), row.GetString(2)), cancellationToken);
        await foreach (var (file, line, reason) in rows)
        {
            rejects.Add(file, line, reason);
        }
    }

    /// <summary>Removes the schema, in the transaction that has brought everything to its place.</summary>
    public Task DropAsync(CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"DROP SCHEMA {Schema} CASCADE", cancellationToken);
}
