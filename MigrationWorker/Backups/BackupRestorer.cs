using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>
/// Restores a backup into a shadow database, which replaces the live one only when it is complete. The caller holds
/// the worker's lock on the live database.
/// </summary>
internal sealed class BackupRestorer(ILogger log, ArchiveLoader loader)
{
    /// <summary>Restores the backup and returns the name under which the previous database is kept.</summary>
    public async Task<string> RestoreAsync(Backup backup, NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken)
    {
        var live = target.Database!;
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        foreach (var leftover in await LeftoverDatabases.DropAsync(maintenance, live, locked: true, cancellationToken))
        {
            log.LogInformation("Dropped {Database}, which an interrupted run left.", leftover);
        }

        RestoreChecks.CheckVersion(backup, maintenance);
        await backup.CheckFileAsync(cancellationToken);
        await using var shadow = await ShadowDatabase.CreateAsync(target, ShadowDatabaseName.Restoring, cancellationToken);
        log.LogInformation("Restoring {File} into {Database}; {Live} stays in use meanwhile.", backup.Path, shadow.Name, live);
        await loader.LoadAsync(backup, shadow, cancellationToken);
        return await shadow.ReplaceLiveAsync(log, cancellationToken);
    }
}

/// <summary>Checks, before a restore begins, that it can succeed.</summary>
internal static class RestoreChecks
{
    private const string MissingRoles = "SELECT role FROM unnest($1) AS role WHERE role NOT IN (SELECT rolname FROM pg_roles)";

    /// <exception cref="UserErrorException">The server is older than the one that the backup comes from.</exception>
    public static void CheckVersion(Backup backup, NpgsqlConnection server)
    {
        var origin = ToolVersion.ParseMajor(backup.Manifest.ServerVersion);
        if (origin > server.PostgreSqlVersion.Major)
        {
            throw new UserErrorException(
                $"The backup comes from PostgreSQL {origin} and this server is PostgreSQL {server.PostgreSqlVersion.Major}; "
                + "PostgreSQL restores only to the same or a newer version. "
                + "Upgrade the server, or carry the data over with dump and load.");
        }
    }

    /// <exception cref="UserErrorException">The server lacks roles that own objects in the backup or have rights there.</exception>
    public static async Task CheckRolesAsync(Backup backup, NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var missing = await server.ListAsync<string>(MissingRoles, cancellationToken, (object)backup.Manifest.Roles.ToArray());
        if (missing.Count > 0)
        {
            throw new UserErrorException(
                $"This server lacks roles that own things in the backup or have rights there: {string.Join(", ", missing)}. "
                + $"Create them, or give --no-owner: then all belongs to {server.UserName} and rights are left out.");
        }
    }
}
