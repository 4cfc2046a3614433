using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>
/// Brings a backup back: into a database beside the live one, which it replaces only when all is there. The caller holds
/// the worker's lock on the live database.
/// </summary>
internal sealed class BackupRestorer(ILogger log, ArchiveLoader loader)
{
    /// <summary>Restores, and gives the name under which the live database of before is kept.</summary>
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
        await using var aside = await AsideDatabase.CreateAsync(target, AsideName.Restoring, cancellationToken);
        log.LogInformation("Restoring {File} into {Database}; {Live} stays in use meanwhile.", backup.Path, aside.Name, live);
        await loader.LoadAsync(backup, aside, cancellationToken);
        await DatabaseProperties.CopyRestAsync(maintenance, live, aside.Name, cancellationToken);

        var kept = AsideName.Create(live, AsideName.Replaced, DateTimeOffset.UtcNow);
        await Steps.RunAsync("swap", async () =>
        {
            await aside.ReleaseAsync();
            await DatabaseSwap.RunAsync(target, live, aside.Name, kept, cancellationToken);
            aside.Keep();
        });
        return kept;
    }
}
