using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.CommandLine;
using MovieAspire.MigrationWorker.Hosting;
using Npgsql;

namespace MovieAspire.MigrationWorker.Server;

/// <summary>
/// The one lock over everything that changes the schema or much data. It lives as long as its own connection does, so the
/// server releases it when the worker dies; who waits is served in turn.
/// </summary>
/// <remarks>PostgreSQL manual, 13.3.5 "Advisory Locks".</remarks>
internal sealed class WorkerLock : IAsyncDisposable
{
    // "MovieAsp" in ASCII: a number that nobody else comes by.
    private const long Key = 0x4D6F766965417370;

    private const string Holder = """
        SELECT format('%s (process %s, from %s, since %s)', activity.application_name, activity.pid,
            coalesce(host(activity.client_addr), 'this machine'), to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS'))
        FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND classid::bigint = $1 >> 32 AND objid::bigint = $1 & 4294967295
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly NpgsqlConnection _connection;

    private WorkerLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes the lock, queueing behind whoever has it.</summary>
    /// <exception cref="WorkerException">It was not free within the session's time.</exception>
    public static async Task<WorkerLock> AcquireAsync(Session session, CancellationToken cancellationToken)
    {
        var target = session.ConnectionString();
        target.Pooling = false;
        target.KeepAlive = 30;
        var connection = new NpgsqlConnection(target.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!await ScalarAsync<bool>(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken))
            {
                await QueueAsync(session, connection, cancellationToken);
            }

            return new WorkerLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task QueueAsync(Session session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var holder = await ScalarAsync<string?>(connection, Holder, cancellationToken) ?? "another worker";
        session.Log.LogInformation("Waiting for {Holder} to finish.", holder);
        try
        {
            await using (var limit = new NpgsqlCommand($"SET lock_timeout = {Math.Max(1, (long)session.LockWait.TotalMilliseconds)}", connection))
            {
                await limit.ExecuteNonQueryAsync(cancellationToken);
            }

            _ = await ScalarAsync<object>(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new WorkerException(
                $"Gave up after {session.LockWait.TotalSeconds} s of waiting for {holder}. Wait longer with --lock-wait, or see what it does in pg_stat_activity.", e);
        }
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Key } } };
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? (T)value : default;
    }
}
