using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Replaces a database by another one in one transaction: after a crash at any moment, one of them has the name.</summary>
internal static class DatabaseSwap
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const string Disconnect =
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND {OtherSessions.MayEnd}";

    /// <summary>
    /// Renames <paramref name="live"/> to <paramref name="kept"/>, and <paramref name="incoming"/> to <paramref name="live"/>.
    /// </summary>
    /// <remarks>Terminates the sessions on the live database. Applications reconnect, to the new one.</remarks>
    /// <exception cref="UserErrorException">A session could not be ended; nothing has changed.</exception>
    public static async Task RunAsync(
        NpgsqlConnectionStringBuilder target, string live, string incoming, string kept, CancellationToken cancellationToken)
    {
        await using var renaming = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        await using var clearing = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var renamed = new TaskCompletionSource();
        try
        {
            await Task.WhenBothAsync(
                stop => RenameAsync(renaming, [(live, kept), (incoming, live)], renamed, stop),
                stop => DisconnectAsync(clearing, live, renamed.Task, stop),
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new UserErrorException(
                $"The new database could not take the place of {live}, which is unchanged. {ErrorFormatter.Format(e)} "
                + await OtherSessions.DescribeAsync(clearing, live, cancellationToken),
                e);
        }
    }

    private static async Task RenameAsync(
        NpgsqlConnection connection, (string From, string To)[] names, TaskCompletionSource renamed, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (from, to) in names)
        {
            // Blocks new connections to the database until the transaction ends, and waits 5 s for existing ones.
            await connection.ExecuteAsync($"ALTER DATABASE {from.QuoteIdentifier()} RENAME TO {to.QuoteIdentifier()}", cancellationToken);
        }

        renamed.SetResult();
        // Not cancellable: after a cancelled commit, it would be unknown whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
    }

    // Repeat, because sessions that start just before the lock become visible only afterwards.
    private static async Task DisconnectAsync(
        NpgsqlConnection connection, string database, Task renamed, CancellationToken cancellationToken)
    {
        while (!renamed.IsCompleted)
        {
            await connection.ExecuteAsync(Disconnect, cancellationToken, database);
            await Task.WhenAny(renamed, Task.Delay(Pause, cancellationToken));
        }
    }
}

/// <summary>Sessions of other users, which only a superuser or a user with certain rights may terminate.</summary>
/// <remarks>PostgreSQL manual, 9.28.2 "Server Signaling Functions".</remarks>
internal static class OtherSessions
{
    /// <summary>
    /// SQL over pg_stat_activity. The server's own processes belong to no user. The details of a session are visible only to those who may
    /// terminate it.
    /// </summary>
    public const string MayEnd = """
        usesysid IS NOT NULL AND (
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            OR (NOT (SELECT rolsuper FROM pg_roles WHERE oid = usesysid)
                AND (pg_has_role(usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))))
        """;

    private const string Staying = $"""
        SELECT string_agg(DISTINCT usename, ', ') FROM pg_stat_activity
        WHERE datname = $1 AND usesysid IS NOT NULL AND NOT coalesce({MayEnd}, false)
        """;

    /// <summary>Names the owners of sessions that this user may not terminate, and what to do; empty if there are none.</summary>
    public static async Task<string> DescribeAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<string>(Staying, cancellationToken, database) is { } users
            ? $"{connection.UserName} may not end the sessions of {users}: stop those programs, "
                + $"or as a superuser run: GRANT pg_signal_backend TO {connection.UserName!.QuoteIdentifier()}"
            : "";
}

/// <summary>A database that a restore replaced and kept; its size is in bytes, with indexes.</summary>
internal sealed record ReplacedDatabase(string Name, DateTimeOffset ReplacedAt, long Size)
{
    public const string None = "There is no database that a restore has replaced.";

    /// <summary>The databases that <paramref name="live"/> has replaced, newest first.</summary>
    public static async Task<IReadOnlyList<ReplacedDatabase>> ListAsync(
        NpgsqlConnection maintenance, string live, CancellationToken cancellationToken)
    {
        var replaced = new List<ReplacedDatabase>();
        foreach (var name in await maintenance.ListAsync<string>("SELECT datname::text FROM pg_database", cancellationToken))
        {
            if (ShadowDatabaseName.Time(name, live, ShadowDatabaseName.Replaced) is { } time)
            {
                var size = await maintenance.ScalarAsync<long>("SELECT pg_database_size($1::name)", cancellationToken, name);
                replaced.Add(new ReplacedDatabase(name, time, size));
            }
        }

        return [.. replaced.OrderByDescending(database => database.ReplacedAt)];
    }

    /// <summary>A name under which <paramref name="live"/> is kept: the last in the list, also where the clock was set back.</summary>
    public static async Task<string> CreateNameAsync(NpgsqlConnection maintenance, string live, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var time = await ListAsync(maintenance, live, cancellationToken) is [var last, ..] && last.ReplacedAt >= now
            ? last.ReplacedAt.AddMilliseconds(1)
            : now;
        return ShadowDatabaseName.Create(live, ShadowDatabaseName.Replaced, time);
    }

    public async Task DropAsync(NpgsqlConnection maintenance, CancellationToken cancellationToken)
    {
        // A template database cannot be dropped.
        await maintenance.ExecuteAsync($"ALTER DATABASE {Name.QuoteIdentifier()} IS_TEMPLATE false", cancellationToken);
        await maintenance.DropDatabaseAsync(Name, cancellationToken);
    }
}
