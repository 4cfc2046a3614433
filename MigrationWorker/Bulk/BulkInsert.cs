using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Inserts many rows with one statement.</summary>
/// <param name="connection">In a transaction that holds the table's writers off.</param>
/// <param name="table">Where the rows go.</param>
/// <param name="insert">Inserts them, and gives their number.</param>
internal sealed class BulkInsert(NpgsqlConnection connection, string table, Func<CancellationToken, Task<long>> insert)
{
    // Below it, putting indexes back costs more than keeping them up.
    private const long ManyRows = 20_000;

    /// <summary>Takes those away whose key another one has, and gives their number; where none may be, a repeated key is an error.</summary>
    public Func<CancellationToken, Task<long>> TakeRepeated { get; init; } = _ => Task.FromResult(0L);

    /// <summary>Inserts about <paramref name="rows"/> rows and gives their exact number; an empty table gets its indexes afterwards.</summary>
    public async Task<long> RunAsync(long rows, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SAVEPOINT before_insert", cancellationToken);
        try
        {
            return await InsertAsync(rows, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Looking for what is repeated costs a sort of everything, so it is done only where something is.
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT before_insert", cancellationToken);
            if (await TakeRepeated(cancellationToken) == 0)
            {
                throw;
            }

            return await InsertAsync(rows, cancellationToken);
        }
    }

    private async Task<long> InsertAsync(long rows, CancellationToken cancellationToken)
    {
        var isEmpty = !await connection.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {table})", cancellationToken);
        if (!isEmpty || rows < ManyRows)
        {
            return await insert(cancellationToken);
        }

        var indexes = await DeferredIndexes.TakeAwayAsync(connection, table, cancellationToken);

        // Without an index, a nested loop that looks for each row in the table would read all that the statement itself has written.
        await connection.ExecuteAsync("SET LOCAL enable_nestloop = off", cancellationToken);
        var inserted = await insert(cancellationToken);
        await connection.ExecuteAsync("SET LOCAL enable_nestloop = on", cancellationToken);
        await indexes.PutBackAsync(connection, cancellationToken);
        return inserted;
    }
}
