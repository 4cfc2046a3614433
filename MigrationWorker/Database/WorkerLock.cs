using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// The one lock over everything that changes the schema or much data. It lives as long as its own connection does, so the
/// server releases it when the worker dies. Waiting workers get it in order, also when a restore replaces the database meanwhile.
/// </summary>
/// <remarks>PostgreSQL manual, 13.3.5 "Advisory Locks".</remarks>
internal sealed class WorkerLock : IAsyncDisposable
{
    // "MovieAsp" in ASCII, which no other application is likely to use.
    public const long Key = 0x4D6F766965417370;

    // Each waiting worker holds this lock in shared mode: the server's list of its holders is the queue.
    private const long QueueKey = Key + 1;

    // Polls, because a statement that waits in pg_advisory_lock has a snapshot, for which the lock holder's CREATE INDEX CONCURRENTLY would
    // wait.
    private const string TryInTurn = """
        SELECT CASE WHEN EXISTS (
            SELECT FROM pg_locks JOIN pg_stat_activity AS other USING (pid)
            JOIN pg_stat_activity AS own ON own.pid = pg_backend_pid()
            WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND classid::bigint = $2 >> 32 AND objid::bigint = $2 & 4294967295 AND pg_locks.database = own.datid
                AND (other.backend_start, other.pid) < (own.backend_start, own.pid))
            THEN false ELSE pg_try_advisory_lock($1) END
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const string Holder = """
        SELECT format('%s (process %s, from %s, since %s)', activity.application_name, activity.pid,
            coalesce(host(activity.client_addr), 'this machine'), to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS'))
        FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND classid::bigint = $1 >> 32 AND objid::bigint = $1 & 4294967295
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly NpgsqlConnection _holder;

    private WorkerLock(NpgsqlConnection holder, NpgsqlConnection connection)
    {
        _holder = holder;
        Connection = connection;
    }

    /// <summary>The connection for the work, to the locked database.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Takes the lock, after the workers that are already waiting.</summary>
    /// <param name="context">Has the maximum wait.</param>
    /// <param name="open">Opens the database.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="UserErrorException">It was not free within <c>--lock-wait</c>.</exception>
    public static async Task<WorkerLock> AcquireAsync(
        CommandContext context, Func<CommandContext, CancellationToken, Task<NpgsqlConnection>> open, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var holder = await open(context, cancellationToken);
            try
            {
                if (!await holder.ScalarAsync<bool>(TryInTurn, cancellationToken, Key, QueueKey))
                {
                    await QueueAsync(context, holder, context.LockWait - clock.Elapsed, cancellationToken);
                }

                return new WorkerLock(holder, await ConnectAsync(context, holder, cancellationToken));
            }
            catch (NpgsqlException e) when (IsCutOff(e) && clock.Elapsed < context.LockWait)
            {
                await holder.DisposeAsync();
                context.Log.LogInformation("The connection was cut, as when another database takes the place of this one; queueing again.");
            }
            catch
            {
                await holder.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _holder.DisposeAsync();
    }

    // A swap renames the database only after it has cut every connection to it. So if the lock still holds once the work's
    // connection is there, both are to the same database.
    private static async Task<NpgsqlConnection> ConnectAsync(
        CommandContext context, NpgsqlConnection holder, CancellationToken cancellationToken)
    {
        var connection = await ServerWait.OpenAsync(context, cancellationToken);
        try
        {
            await holder.ExecuteAsync("SELECT", cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task QueueAsync(
        CommandContext context, NpgsqlConnection connection, TimeSpan wait, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await connection.ExecuteAsync("SELECT pg_advisory_lock_shared($1)", cancellationToken, QueueKey);
        var holder = await connection.ScalarAsync<string>(Holder, cancellationToken, Key) ?? "another worker";
        context.Log.LogInformation("Waiting for {Holder} to finish.", holder);
        while (!await connection.ScalarAsync<bool>(TryInTurn, cancellationToken, Key, QueueKey))
        {
            if (clock.Elapsed > wait)
            {
                throw new UserErrorException(
                    $"Gave up after {context.LockWait.TotalSeconds} s of waiting for {holder}. "
                    + "Wait longer with --lock-wait, or see what it does in pg_stat_activity.");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        await connection.ExecuteAsync("SELECT pg_advisory_unlock_shared($1)", cancellationToken, QueueKey);
    }

    private static bool IsCutOff(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        || (e is not PostgresException && e.InnerException is IOException);
}
