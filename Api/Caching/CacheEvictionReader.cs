using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using NpgsqlTypes;
using OpenTelemetry;

namespace MovieAspire.Api.Caching;

/// <summary>
/// Polls <c>cache_evictions</c>, to which triggers write every change. While polling fails, the cache is bypassed. Not LISTEN and NOTIFY:
/// transactions that notify commit one after the other, under a lock of the whole server.
/// </summary>
internal sealed class CacheEvictionReader(
    IServiceScopeFactory scopes, CacheVersions versions, IOptions<CacheOptions> options, ILogger<CacheEvictionReader> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = CacheVersions.MaxAge / 5;

    /// <summary>Rows older than this are deleted. A replica that has not polled for half as long evicts everything.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(10);

    private const int MaxChanges = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Megabytes == 0)
        {
            return;
        }

        // Not traced: five polls a second would bury the traces of requests.
        using var untraced = SuppressInstrumentationScope.Begin();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
                await db.Database.OpenConnectionAsync(stoppingToken);
                if (failures > 0)
                {
                    logger.LogInformation("Responses are kept in memory again");
                    failures = 0;
                }

                // A retry would reconnect unnoticed, perhaps to a server that does not know the last snapshot.
                await using var reading = db.WithoutRetries();
                await ReadAsync(reading, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (failures++ == 0)
                {
                    logger.LogWarning("No response is kept in memory, since changes cannot be read: {Error}", e.Message);
                }

                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Polls until the connection breaks. Starts by evicting everything, because changes may have been missed before.</summary>
    private async Task ReadAsync(MovieDbContext db, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var read = new Poll("1:1:", default, 0, []);
        var readAt = Stopwatch.GetTimestamp();
        var kept = (read.Snapshot, Since: readAt);
        do
        {
            var time = Stopwatch.GetTimestamp();
            var before = versions.OfCatalog;
            var next = await PollAsync(db, read.Snapshot, cancellationToken);

            // Evict everything after a restore, which swaps databases under one name, and after a late poll, before which rows may have
            // been deleted.
            var isAll = next.Database != read.Database
                || Stopwatch.GetElapsedTime(readAt, time) > Retention / 2
                || next.Changed.Length == MaxChanges
                || next.Changed.Contains(null);
            versions.EvictPolled(isAll ? null : next.Changed.OfType<long>(), next.Position, before);
            versions.MarkCurrent(time);
            (read, readAt) = (next, time);
            if (Stopwatch.GetElapsedTime(kept.Since) > Retention)
            {
                await DeleteReadAsync(db, kept.Snapshot, cancellationToken);
                kept = (read.Snapshot, time);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Reads the changes of transactions that the snapshot does not include. SQL: LINQ has no snapshots.</summary>
    private static async Task<Poll> PollAsync(MovieDbContext db, string snapshot, CancellationToken cancellationToken)
    {
        var polls = await db.Database.SqlQuery<Poll>(
            $"""
            SELECT pg_current_snapshot()::text AS "Snapshot",
                pg_current_wal_insert_lsn() AS "Position",
                (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS "Database",
                ARRAY(
                    SELECT DISTINCT movie_id FROM cache_evictions
                    WHERE transaction_id >= pg_snapshot_xmax({snapshot}::pg_snapshot)
                    OR transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip({snapshot}::pg_snapshot)))
                    LIMIT {MaxChanges}) AS "Changed"
            """).ToListAsync(cancellationToken);
        return polls[0];
    }

    /// <summary>
    /// Deletes the rows that the snapshot includes, and rows with transaction ids of another server, which a restored backup may contain.
    /// </summary>
    private static Task<int> DeleteReadAsync(MovieDbContext db, string snapshot, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM cache_evictions
            WHERE (transaction_id < pg_snapshot_xmax({snapshot}::pg_snapshot)
                AND pg_visible_in_snapshot(transaction_id, {snapshot}::pg_snapshot))
            OR transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
            """,
            cancellationToken);

    /// <param name="Snapshot">PostgreSQL's snapshot (pg_current_snapshot).</param>
    /// <param name="Position">The end of the server's log, after what the snapshot includes.</param>
    /// <param name="Database">The OID of the database.</param>
    /// <param name="Changed">The movies that changed; null stands for any movie.</param>
    private sealed record Poll(string Snapshot, NpgsqlLogSequenceNumber Position, long Database, long?[] Changed);
}
