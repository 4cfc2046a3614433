using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Makes a backup before migrations, if the database has data.</summary>
/// <param name="context">Has the settings.</param>
/// <param name="connection">To the database; the caller holds the worker's lock.</param>
internal sealed class AutomaticBackup(CommandContext context, NpgsqlConnection connection)
{
    private readonly BackupOptions _settings = context.Settings<BackupOptions>(BackupOptions.Section);

    private BackupFolder Folder => field ??= _settings.FolderOr(null);

    /// <summary>
    /// Makes a backup, unless the database is empty, the latest backup has the same content, or the settings disable it.
    /// <paramref name="reason"/> is for the log and the manifest, such as <c>before migration X</c>.
    /// </summary>
    /// <returns>The backup with the current content; null if there is none.</returns>
    /// <exception cref="UserErrorException">The backup failed, so the migration must not run.</exception>
    public async Task<Backup?> MakeAsync(string reason, CancellationToken cancellationToken)
    {
        if (!_settings.BeforeMigration)
        {
            context.Log.LogInformation("No backup {Reason}, since Backup__BeforeMigration is false.", reason);
            return null;
        }

        if (!await HoldsDataAsync(cancellationToken))
        {
            return null;
        }

        try
        {
            if (await WorkerTelemetry.TraceAsync("compare", () => FindCurrentAsync(cancellationToken)) is { } current)
            {
                context.Log.LogInformation("No new backup {Reason}: {File} holds the database as it is.", reason, current.Path);
                return current;
            }

            var writer = new BackupWriter(context.Log, new ClientToolsFinder());
            var made = await WorkerTelemetry.TraceAsync(
                "backup", () => writer.WriteAsync(context.ConnectionString(), Folder, automatic: true, reason, cancellationToken));
            await PruneAsync(made, migrated: false, cancellationToken);
            return made;
        }
        catch (Exception e) when (ErrorFormatter.IsExpected(e) && e is not OperationCanceledException)
        {
            throw new UserErrorException(
                $"Nothing was migrated, because the backup {reason} failed: {ErrorFormatter.Format(e)} "
                + "Fix that, or go without a backup: set Backup__BeforeMigration to false.", e);
        }
    }

    /// <summary>
    /// Records that the migrations were applied, and deletes surplus older backups. Only then the audit trail gets an entry: one made before
    /// would be a change, and the next attempt after a failure would back up again.
    /// </summary>
    public async Task CompleteAsync(Backup backup, CancellationToken cancellationToken)
    {
        try
        {
            if (backup.Manifest.Automatic)
            {
                await (backup with { Manifest = backup.Manifest with { MigratedAt = DateTimeOffset.UtcNow } })
                    .WriteManifestAsync(cancellationToken);
                await BackupAudit.RecordAsync(connection, backup, context.Log, cancellationToken);
            }

            await PruneAsync(backup, migrated: true, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Log.LogWarning("Older automatic backups were not deleted: {Reason}", ErrorFormatter.Format(e));
        }
    }

    private async Task PruneAsync(Backup latest, bool migrated, CancellationToken cancellationToken)
    {
        foreach (var deleted in await Folder.PruneAsync(latest, _settings.Keep, migrated, cancellationToken))
        {
            context.Log.LogInformation("Deleted the older automatic backup {File}; Backup__Keep is {Keep}.", deleted.Path, _settings.Keep);
        }
    }

    // Otherwise a worker that fails and is restarted again and again would fill the disk with identical backups.
    private async Task<Backup?> FindCurrentAsync(CancellationToken cancellationToken)
    {
        var schema = await SchemaHash.ReadAsync(connection, cancellationToken);
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var last = state.Applied is [.., var applied] ? applied : null;
        var candidates = (await Folder.ListAsync(_ => { }, cancellationToken))
            .Where(backup => backup.Manifest.Database == connection.Database && backup.Manifest.SchemaSha256 == schema
                && backup.Manifest.Migration == last)
            .ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        using var progress = new Progress(context.Log, "Comparing with the last backup");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tables = await ContentReader.ReadAsync(connection, cancellationToken);
        foreach (var candidate in candidates.Where(backup => ContentDifference.Between(backup.Manifest.Tables, tables).Count == 0))
        {
            try
            {
                await candidate.CheckFileAsync(cancellationToken);
                return candidate;
            }
            catch (UserErrorException e)
            {
                context.Log.LogWarning("{Problem}", e.Message);
            }
        }

        return null;
    }

    // An empty database with a schema is not worth a backup.
    private async Task<bool> HoldsDataAsync(CancellationToken cancellationToken)
    {
        foreach (var (schema, name) in await ContentReader.ListTablesAsync(connection, cancellationToken))
        {
            var any = $"SELECT EXISTS (SELECT FROM {schema.QuoteIdentifier()}.{name.QuoteIdentifier()})";
            if (!BookkeepingTables.Contains(name) && await connection.ScalarAsync<bool>(any, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }
}
