using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Proves that a backup can be restored.</summary>
internal sealed class VerifyBackupCommand : WorkerCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The backup, by its path or by its name in the folder of the backups.",
    };

    private readonly Option<int> _jobs = BackupArguments.Jobs();
    private readonly Option<bool> _noOwner = BackupArguments.NoOwner();

    public VerifyBackupCommand()
        : base(
            "verify-backup",
            "Restores a backup into a database that is dropped afterwards, and compares every row with what was backed up. "
            + "Exits 1 when the backup is damaged.")
    {
        Arguments.Add(_file);
        Options.Add(_jobs);
        Options.Add(_noOwner);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(context, arguments, cancellationToken);
            return ExitCode.Ok;
        }
        catch (DamagedBackupException e)
        {
            context.Log.LogError("{Reason}", ErrorFormatter.Format(e));
            return ExitCode.No;
        }
    }

    private async Task VerifyAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var backup = await BackupArguments.ReadAsync(
            arguments.GetRequiredValue(_file), context.Settings<BackupOptions>(BackupOptions.Section), cancellationToken);
        var loader = new ArchiveLoader(
            context.Log, new ClientToolsFinder(), arguments.GetValue(_jobs), keepOwners: !arguments.GetValue(_noOwner));
        await new BackupVerifier(context.Log, loader).VerifyAsync(backup, context.ConnectionString(), cancellationToken);
        context.Log.LogInformation(
            "Verified: {Tables} tables and {Rows:N0} rows came back as they were at {Time:u}.",
            backup.Manifest.Tables.Count, backup.Manifest.Tables.Sum(table => table.Rows), backup.Manifest.TakenAt);
    }
}

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
        await using var shadow = await ShadowDatabase.CreateAsync(target, ShadowDatabaseName.Verifying, cancellationToken);
        log.LogInformation("Restoring {File} into {Database}, which is dropped afterwards.", backup.Path, shadow.Name);
        await loader.LoadAsync(backup, shadow, cancellationToken);
        var verified = backup with { Manifest = backup.Manifest with { VerifiedAt = DateTimeOffset.UtcNow } };
        try
        {
            await verified.WriteManifestAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Such as a copy on a medium that can only be read.
            log.LogWarning("The manifest cannot note that the backup was verified: {Reason}", ErrorFormatter.Format(e));
        }

        return verified;
    }
}
