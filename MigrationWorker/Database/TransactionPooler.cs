using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// A pooler that gives each transaction whichever session of the server is free, as PgBouncer does in its modes transaction and statement.
/// The worker's lock and the settings of its sessions would stay behind in sessions of others.
/// </summary>
internal static class TransactionPooler
{
    private const string ProcessId = "SELECT pg_backend_pid()";

    // One that takes turns, or serves others meanwhile, may give a fitting answer by chance.
    private const int Tries = 5;

    /// <summary>Refuses a connection to such a pooler. One that keeps a session for each client is as good as the server.</summary>
    /// <exception cref="UserErrorException">It is one.</exception>
    public static async Task RefuseAsync(NpgsqlConnection connection, string connectionString, CancellationToken cancellationToken)
    {
        // A pooler makes up the process that it tells a client at the start.
        var process = await connection.ScalarAsync<int>(ProcessId, cancellationToken);
        if (process != connection.ProcessID && await SharesSessionsAsync(connection, connectionString, process, cancellationToken))
        {
            throw new UserErrorException(
                $"At {connection.Host}:{connection.Port} is a pooler that gives each transaction another session of the server, "
                + "as PgBouncer does with pool_mode = transaction. The worker's lock would stay behind in one of them. "
                + "Connect the worker to the server itself, or to a pool with pool_mode = session.");
        }
    }

    // A second connection gets the session of the first, or the first gets another one while the second keeps some session busy.
    private static async Task<bool> SharesSessionsAsync(
        NpgsqlConnection connection, string connectionString, int process, CancellationToken cancellationToken)
    {
        await using var second = new NpgsqlConnection(connectionString);
        await second.OpenAsync(cancellationToken);
        for (var i = 0; i < Tries; i++)
        {
            await using var transaction = await second.BeginTransactionAsync(cancellationToken);
            if (await second.ScalarAsync<int>(ProcessId, cancellationToken) == process
                || await connection.ScalarAsync<int>(ProcessId, cancellationToken) != process)
            {
                return true;
            }
        }

        return false;
    }
}
