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
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'";

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
                $"The new database could not take the place of {live}, which is unchanged. {ErrorFormatter.Format(e)}", e);
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

    public Task DropAsync(NpgsqlConnection maintenance, CancellationToken cancellationToken) =>
        maintenance.ExecuteAsync($"DROP DATABASE {Name.QuoteIdentifier()} WITH (FORCE)", cancellationToken);
}
