using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Inserts many rows with one statement. For an empty table, indexes, foreign keys and counts are built afterwards, which is several times
/// faster than maintaining them row by row.
/// </summary>
/// <param name="connection">In a transaction that excludes other writers of the table.</param>
/// <param name="table">The table to fill.</param>
/// <param name="insert">Inserts the rows and returns their number.</param>
internal sealed class BulkInsert(NpgsqlConnection connection, string table, Func<CancellationToken, Task<long>> insert)
{
    // Below this number, rebuilding indexes costs more than maintaining them.
    private const long ManyRows = 2000;

    /// <summary>Rejects rows with duplicate keys and returns their number. If not set, a duplicate key is an error.</summary>
    public Func<CancellationToken, Task<long>> RejectDuplicates { get; init; } = _ => Task.FromResult(0L);

    /// <summary>Counts the rows later. If not set, triggers count them during the insert.</summary>
    public DeferredCounts? Counts { get; init; }

    /// <summary>Inserts about <paramref name="rows"/> rows and returns the exact number.</summary>
    public async Task<long> RunAsync(long rows, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SAVEPOINT before_insert", cancellationToken);
        try
        {
            return await InsertAsync(rows, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Searching for duplicates sorts all rows, so it is done only if the insert fails.
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT before_insert", cancellationToken);
            if (await RejectDuplicates(cancellationToken) == 0)
            {
                throw;
            }

            return await InsertAsync(rows, cancellationToken);
        }
    }

    private async Task<long> InsertAsync(long rows, CancellationToken cancellationToken)
    {
        var isEmpty = !await connection.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {table})", cancellationToken);
        var inserted = isEmpty && rows >= ManyRows ? await FillAsync(cancellationToken) : await insert(cancellationToken);
        if (table == "movies")
        {
            await connection.ExecuteAsync(SearchIndexes.Merge, cancellationToken);
        }

        await connection.ExecuteAsync($"ANALYZE {table}", cancellationToken);
        return inserted;
    }

    private async Task<long> FillAsync(CancellationToken cancellationToken)
    {
        var indexes = await DeferredIndexes.DropAsync(connection, table, cancellationToken);
        await (Counts?.DeferAsync(table, cancellationToken) ?? Task.CompletedTask);

        // Without indexes, a nested loop would scan the rows that the statement itself has inserted, once per row.
        await connection.ExecuteAsync("SET LOCAL enable_nestloop = off", cancellationToken);
        var inserted = await insert(cancellationToken);
        await connection.ExecuteAsync("SET LOCAL enable_nestloop = on", cancellationToken);
        await indexes.RestoreAsync(connection, cancellationToken);
        return inserted;
    }
}

/// <summary>Settings of a transaction that writes many rows.</summary>
internal static class BulkSettings
{
    /// <summary>
    /// Sets up the current transaction for bulk work: memory for sorts, joins and indexes; no JIT, which does not pay off for these
    /// statements; and a check within seconds of whether this process is still alive during a long statement, if the server's system
    /// supports it.
    /// </summary>
    public static Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            SET LOCAL jit = off;
            SET LOCAL work_mem = '128MB';
            SET LOCAL maintenance_work_mem = '256MB';
            SELECT set_config('client_connection_check_interval', '2s', true) WHERE version() LIKE '%linux%'
            """,
            cancellationToken);
}
