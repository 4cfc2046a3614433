using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>What would make a restore fail, found before it begins.</summary>
internal static class RestoreChecks
{
    private const string MissingRoles = "SELECT role FROM unnest($1) AS role WHERE role NOT IN (SELECT rolname FROM pg_roles)";

    /// <exception cref="WorkerException">The server is older than the one that the backup comes from.</exception>
    public static void CheckVersion(Backup backup, NpgsqlConnection server)
    {
        var origin = ToolVersion.MajorOf(backup.Manifest.ServerVersion);
        if (origin > server.PostgreSqlVersion.Major)
        {
            throw new WorkerException(
                $"The backup comes from PostgreSQL {origin} and this server is PostgreSQL {server.PostgreSqlVersion.Major}; PostgreSQL restores only to the same or a newer version. "
                + "Upgrade the server, or carry the data over with dump and load.");
        }
    }

    /// <exception cref="WorkerException">The server lacks roles that the backup gives something to.</exception>
    public static async Task CheckRolesAsync(Backup backup, NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var missing = await server.ListAsync<string>(MissingRoles, cancellationToken, (object)backup.Manifest.Roles.ToArray());
        if (missing.Count > 0)
        {
            throw new WorkerException(
                $"This server lacks roles that own things in the backup or have rights there: {string.Join(", ", missing)}. "
                + $"Create them, or give --no-owner: then all belongs to {server.UserName} and rights are left out.");
        }
    }
}
