using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Inserts many rows with one statement. An empty table gets its indexes, foreign keys and counts afterwards, which is several times
/// faster than keeping them up to date row by row.
/// </summary>
/// <param name="connection">In a transaction that keeps other writers of the table out.</param>
/// <param name="table">Where the rows go.</param>
/// <param name="insert">Inserts them, and gives their number.</param>
internal sealed class BulkInsert(NpgsqlConnection connection, string table, Func<CancellationToken, Task<long>> insert)
{
    // Below it, restoring indexes costs more than keeping them up to date.
    private const long ManyRows = 2000;

    /// <summary>Rejects rows with the same key as another one, and gives their number. Unless set, such a key is an error.</summary>
    public Func<CancellationToken, Task<long>> RejectDuplicates { get; init; } = _ => Task.FromResult(0L);

    /// <summary>Counts the rows later. Unless set, triggers count them while they are inserted.</summary>
    public DeferredCounts? Counts { get; init; }

    /// <summary>Inserts about <paramref name="rows"/> rows and gives their exact number.</summary>
    public async Task<long> RunAsync(long rows, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SAVEPOINT before_insert", cancellationToken);
        try
        {
            return await InsertAsync(rows, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Looking for duplicates costs a sort of everything, so it is done only where there are some.
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

        // Without an index, a nested loop that looks for each row in the table would read all that the statement itself has written.
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
    /// Gives the present transaction memory to sort, join and index many rows with, spares it the compiling of each of its statements,
    /// none of which is long enough to earn that back, and lets the server notice within seconds when this process dies in the middle of
    /// a long one (where the server's system can tell).
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
