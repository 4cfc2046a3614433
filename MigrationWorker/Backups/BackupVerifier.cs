using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Proves that a backup can be restored: restores it into a database of its own, compares, and drops that database.</summary>
internal sealed class BackupVerifier(ILogger log, ArchiveLoader loader)
{
    public async Task<Backup> VerifyAsync(Backup backup, NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken)
    {
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        foreach (var leftover in await LeftoverDatabases.DropAsync(maintenance, target.Database!, locked: false, cancellationToken))
        {
            log.LogInformation("Dropped {Database}, which an interrupted run left.", leftover);
        }

        RestoreChecks.CheckVersion(backup, maintenance);
        await backup.CheckFileAsync(cancellationToken);
        await using var aside = await AsideDatabase.CreateAsync(target, AsideName.Verifying, cancellationToken);
        log.LogInformation("Restoring {File} into {Database}, which is dropped afterwards.", backup.Path, aside.Name);
        await loader.LoadAsync(backup, aside, cancellationToken);
        var verified = backup with { Manifest = backup.Manifest with { VerifiedAt = DateTimeOffset.UtcNow } };
        await verified.WriteManifestAsync(cancellationToken);
        return verified;
    }
}
