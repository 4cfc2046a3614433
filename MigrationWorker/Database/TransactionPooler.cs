using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Detects a pooler that assigns server sessions per transaction, such as PgBouncer in the modes transaction and statement. There, the
/// worker's lock and session settings would end up in sessions of others.
/// </summary>
internal static class TransactionPooler
{
    private const string ProcessId = "SELECT pg_backend_pid()";

    // Several tries, because a pooler with other clients may pass a single one by chance.
    private const int Tries = 5;

    /// <summary>Refuses a connection to such a pooler. A pooler in session mode is fine.</summary>
    /// <exception cref="UserErrorException">The connection leads to such a pooler.</exception>
    public static async Task RefuseAsync(NpgsqlConnection connection, string connectionString, CancellationToken cancellationToken)
    {
        // A pooler reports a made-up process id to the client.
        var process = await connection.ScalarAsync<int>(ProcessId, cancellationToken);
        if (process != connection.ProcessID && await SharesSessionsAsync(connection, connectionString, process, cancellationToken))
        {
            throw new UserErrorException(
                $"At {connection.Host}:{connection.Port} is a pooler that gives each transaction another session of the server, "
                + "as PgBouncer does with pool_mode = transaction. The worker's lock would stay behind in one of them. "
                + "Connect the worker to the server itself, or to a pool with pool_mode = session.");
        }
    }

    // Either a second connection gets the first one's session, or the first gets another one while the second keeps a session busy.
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
