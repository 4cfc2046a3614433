using System.Data.Common;
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
            var answers = await context.Database
                .SqlQuery<bool>($"""SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= {position} AS "Value" """)
                .ToListAsync(cancellationToken);
            if (answers[0])
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
