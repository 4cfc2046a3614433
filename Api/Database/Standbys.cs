using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using MovieAspire.Data;
using MovieAspire.ServiceDefaults;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.Api.Database;

/// <summary>
/// The standbys in a connection string with several hosts. They answer reads that may be a moment old. A connection string with
/// <c>Target Session Attributes</c> decides itself which servers answer, and has no standbys here.
/// </summary>
internal sealed class Standbys : IAsyncDisposable
{
    /// <summary>
    /// For how long to trust what a server has told. It replays forward only, so that one answer serves many requests; but another server can
    /// take its address.
    /// </summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string? Host, int Port), (NpgsqlLogSequenceNumber Position, long Time)> _replayed = [];
    private readonly NpgsqlMultiHostDataSource? _hosts;
    private readonly PooledDbContextFactory<MovieDbContext>? _contexts;

    public Standbys(IConfiguration configuration, DbContextOptions<MovieDbContext> primary, ILoggerFactory loggers)
    {
        var given = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("moviedb"));
        if (given.Host?.Contains(',', StringComparison.Ordinal) != true || given.TargetSessionAttributes is not null)
        {
            return;
        }

        var settings = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply(given.ConnectionString))
        {
            TargetSessionAttributes = null,
            LoadBalanceHosts = true,
            // In seconds. The primary answers at once where a standby does not.
            Timeout = 1,
            HostRecheckSeconds = 10,
        };
        _hosts = new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).BuildMultiHost();
        // The primary, where no standby is up: then a request fails only if the primary is down, too.
        var preferred = _hosts.WithTargetSession(TargetSessionAttributes.PreferStandby);
        var options = new DbContextOptionsBuilder<MovieDbContext>(primary).UseNpgsql(
            // A retry would continue on another server, whose position nobody has checked.
            preferred, npgsql => npgsql.ExecutionStrategy(strategy => new NonRetryingExecutionStrategy(strategy)));
        _contexts = new(((DbContextOptionsBuilder<MovieDbContext>)options).Options);
    }

    /// <summary>Whether the connection string names any.</summary>
    public bool AreNamed => _contexts is not null;

    /// <summary>A context on a server that has replayed the primary's log up to <paramref name="position"/>, or null.</summary>
    public async ValueTask<MovieDbContext?> FindAsync(NpgsqlLogSequenceNumber position, CancellationToken cancellationToken)
    {
        var context = _contexts!.CreateDbContext();
        try
        {
            await context.Database.OpenConnectionAsync(cancellationToken);
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            var server = (connection.Host, connection.Port);
            if (_replayed.TryGetValue(server, out var replayed)
                && replayed.Position >= position
                && Stopwatch.GetElapsedTime(replayed.Time) < MaxAge)
            {
                return context;
            }

            var time = Stopwatch.GetTimestamp();
            var positions = await context.Database
                .SqlQuery<NpgsqlLogSequenceNumber>(
                    $"""
                    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END AS "Value"
                    """)
                .ToListAsync(cancellationToken);
            _replayed[server] = (positions[0], time);
            if (positions[0] >= position)
            {
                return context;
            }
        }
        catch (DbException)
        {
            // No server answers, or this one is going down: the primary will tell.
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }

        await context.DisposeAsync();
        return null;
    }

    public ValueTask DisposeAsync() => _hosts?.DisposeAsync() ?? ValueTask.CompletedTask;
}
