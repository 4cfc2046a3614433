using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Waits for a server that is still starting, with growing pauses.</summary>
internal static class ServerWait
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Opens a connection, and creates the database if it does not exist.</summary>
    /// <exception cref="UserErrorException">The server accepted no connection in time.</exception>
    public static Task<NpgsqlConnection> OpenOrCreateAsync(CommandContext context, CancellationToken cancellationToken) =>
        OpenAsync(context, target => ConnectOrCreateAsync(context, target, cancellationToken), cancellationToken);

    /// <summary>Opens a connection to a database that must exist.</summary>
    /// <exception cref="UserErrorException">The server accepted no connection in time.</exception>
    public static Task<NpgsqlConnection> OpenAsync(CommandContext context, CancellationToken cancellationToken) =>
        OpenAsync(context, target => ServerConnection.OpenAsync(target, target.Database!, cancellationToken), cancellationToken);

    private static async Task<NpgsqlConnection> OpenAsync(
        CommandContext context, Func<NpgsqlConnectionStringBuilder, Task<NpgsqlConnection>> open, CancellationToken cancellationToken)
    {
        var target = context.ConnectionString();
        var clock = Stopwatch.StartNew();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await open(target);
            }
            catch (Exception e) when (IsTransient(e))
            {
                var left = context.ServerWait - clock.Elapsed;
                if (left <= TimeSpan.Zero)
                {
                    throw new UserErrorException(
                        $"PostgreSQL at {target.Host}:{target.Port} accepted no connection within {context.ServerWait.TotalSeconds} s: "
                        + $"{ErrorFormatter.Format(e).TrimEnd('.')}. "
                        + "Run the command again when it does, with a longer --server-wait if it needs one.",
                        e);
                }

                context.Log.LogInformation(
                    "Waiting for PostgreSQL at {Host}:{Port}: {Reason}", target.Host, target.Port, ErrorFormatter.Format(e));
                await Task.Delay(pause < left ? pause : left, cancellationToken);
            }
        }
    }

    private static async Task<NpgsqlConnection> ConnectOrCreateAsync(
        CommandContext context, NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken)
    {
        try
        {
            return await ServerConnection.OpenAsync(target, target.Database!, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName && !IsBeingSwapped(e))
        {
            await CreateDatabaseAsync(context, target, cancellationToken);
            return await ServerConnection.OpenAsync(target, target.Database!, cancellationToken);
        }
    }

    private static async Task CreateDatabaseAsync(
        CommandContext context, NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken)
    {
        await using var server = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        try
        {
            await DatabaseProperties.CreateAsync(server, target.Database!, cancellationToken);
            context.Log.LogInformation("Created the database {Database}.", target.Database);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another worker was faster.
        }
    }

    // For a database that was just dropped or renamed, PostgreSQL adds a detail that says so.
    private static bool IsBeingSwapped(PostgresException e) => e.SqlState == PostgresErrorCodes.InvalidCatalogName && e.Detail is not null;

    // Starting up, shutting down, not listening yet, name not resolved yet, too many clients.
    private static bool IsTransient(Exception e) => e switch
    {
        PostgresException postgres =>
            postgres.IsTransient || postgres.SqlState == PostgresErrorCodes.CannotConnectNow || IsBeingSwapped(postgres),
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is SocketException or IOException or TimeoutException,
        SocketException => true,
        _ => false,
    };
}
