using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using Npgsql;
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
                var connection = (NpgsqlConnection)db.Database.GetDbConnection();
                if (failures > 0)
                {
                    logger.LogInformation("Responses are kept in memory again");
                    failures = 0;
                }

                await ReadAsync(connection, stoppingToken);
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
    private async Task ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var read = new Position("1:1:", 0);
        var readAt = Stopwatch.GetTimestamp();
        var kept = (read.Snapshot, Since: readAt);
        do
        {
            var time = Stopwatch.GetTimestamp();
            var (next, changed) = await ReadSinceAsync(connection, read.Snapshot, cancellationToken);

            // Evict everything after a restore, which swaps databases under one name, and after a late poll, which rows may have been
            // deleted before.
            if (next.Database != read.Database
                || Stopwatch.GetElapsedTime(readAt, time) > Retention / 2
                || changed.Length == MaxChanges
                || changed.Contains(null))
            {
                versions.EvictAll();
            }
            else
            {
                foreach (var movie in changed)
                {
                    versions.Evict(movie!.Value);
                }
            }

            versions.MarkCurrent(time);
            (read, readAt) = (next, time);
            if (Stopwatch.GetElapsedTime(kept.Since) > Retention)
            {
                await DeleteReadAsync(connection, kept.Snapshot, cancellationToken);
                kept = (read.Snapshot, time);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>
    /// The movies that changed in transactions that the snapshot does not include. Null stands for any movie. SQL: LINQ has no snapshots.
    /// </summary>
    private static async Task<(Position Next, long?[] Changed)> ReadSinceAsync(
        NpgsqlConnection connection, string snapshot, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_current_snapshot()::text, (SELECT oid FROM pg_database WHERE datname = current_database()), ARRAY(
                SELECT DISTINCT movie_id FROM cache_evictions
                WHERE transaction_id >= pg_snapshot_xmax($1::pg_snapshot)
                OR transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip($1::pg_snapshot)))
                LIMIT $2)
            """,
            connection) { Parameters = { new() { Value = snapshot }, new() { Value = MaxChanges } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (new(reader.GetString(0), reader.GetFieldValue<uint>(1)), reader.GetFieldValue<long?[]>(2));
    }

    /// <summary>
    /// Deletes the rows that the snapshot includes, and rows with transaction ids of another server, which a restored backup may contain.
    /// </summary>
    private static async Task DeleteReadAsync(NpgsqlConnection connection, string snapshot, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            DELETE FROM cache_evictions
            WHERE (transaction_id < pg_snapshot_xmax($1::pg_snapshot) AND pg_visible_in_snapshot(transaction_id, $1::pg_snapshot))
            OR transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
            """,
            connection) { Parameters = { new() { Value = snapshot } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The last poll: PostgreSQL's snapshot (pg_current_snapshot) and the OID of the database.</summary>
    private readonly record struct Position(string Snapshot, uint Database);
}
