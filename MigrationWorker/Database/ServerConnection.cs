using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Connections that belong to no pool: one that a pool keeps would keep a database from being renamed or dropped, and be broken after a swap.</summary>
internal static class ServerConnection
{
    // Every server has it, and applications leave it alone.
    private const string MaintenanceDatabase = "postgres";

    /// <summary>Connects to the database from which others are made, renamed and dropped.</summary>
    public static Task<NpgsqlConnection> OpenMaintenanceAsync(NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken) =>
        OpenAsync(target, MaintenanceDatabase, cancellationToken);

    /// <summary>Connects to a database of the server that <paramref name="target"/> names.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlConnectionStringBuilder target, string database, CancellationToken cancellationToken)
    {
        var options = new NpgsqlConnectionStringBuilder(target.ConnectionString) { Database = database, Pooling = false, CommandTimeout = 0 };
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
