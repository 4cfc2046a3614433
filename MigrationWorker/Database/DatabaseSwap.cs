using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Puts a database in the place of another in one transaction: a crash at any moment leaves the name with one of them.
/// </summary>
internal static class DatabaseSwap
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const string Disconnect =
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND {OtherSessions.MayEnd}";

    /// <summary>
    /// Renames <paramref name="live"/> to <paramref name="kept"/>, and <paramref name="incoming"/> to <paramref name="live"/>.
    /// </summary>
    /// <remarks>Sessions on the live one are ended; those of applications connect again, to the new one.</remarks>
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
            // Keeps everybody from connecting to the database until the end of the transaction, and waits 5 s for those who are connected.
            await connection.ExecuteAsync($"ALTER DATABASE {from.QuoteIdentifier()} RENAME TO {to.QuoteIdentifier()}", cancellationToken);
        }

        renamed.SetResult();
        // A cancelled commit would leave open which of the two happened.
        await transaction.CommitAsync(CancellationToken.None);
    }

    // Again and again, since sessions that start just before the renaming locks the database are seen only then.
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

/// <summary>Sessions that this user may not end unless it is a superuser or has certain rights.</summary>
/// <remarks>PostgreSQL manual, 9.28.2 "Server Signaling Functions".</remarks>
internal static class OtherSessions
{
    /// <summary>
    /// SQL over pg_stat_activity. The server's own processes belong to no user; what a session is, only those see who may end it.
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

    /// <summary>Whose sessions on a database this user may not end, and what to do; empty where there are none.</summary>
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

    /// <summary>Those that <paramref name="live"/> has replaced, newest first.</summary>
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

    public async Task DropAsync(NpgsqlConnection maintenance, CancellationToken cancellationToken)
    {
        // One that is a template cannot be dropped.
        await maintenance.ExecuteAsync($"ALTER DATABASE {Name.QuoteIdentifier()} IS_TEMPLATE false", cancellationToken);
        await maintenance.ExecuteAsync($"DROP DATABASE {Name.QuoteIdentifier()} WITH (FORCE)", cancellationToken);
    }
}
