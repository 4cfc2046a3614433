using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Connections without a pool, since one that a pool keeps open would keep its database from being renamed or dropped.
/// </summary>
internal static class ServerConnection
{
    // Every server has it, and applications leave it alone.
    private const string MaintenanceDatabase = "postgres";

    /// <summary>Connects to the database from which others are made, renamed and dropped.</summary>
    public static Task<NpgsqlConnection> OpenMaintenanceAsync(NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken) =>
        OpenAsync(target, MaintenanceDatabase, cancellationToken);

    /// <summary>Connects to a database of the server that <paramref name="target"/> names.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(
        NpgsqlConnectionStringBuilder target, string database, CancellationToken cancellationToken)
    {
        var options = new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            Database = database,
            Pooling = false,
            CommandTimeout = 0,
        };
        var connection = new NpgsqlConnection(options.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
