using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>The backup that is made before a migration of a database that holds data.</summary>
internal static class AutomaticBackup
{
    /// <summary>
    /// Backs up unless the database holds nothing, or the settings say no. The caller holds the worker's lock, and says in
    /// <paramref name="reason"/> what comes next, such as <c>before migration X</c>.
    /// </summary>
    /// <exception cref="UserErrorException">There was no way to make the backup, so the migration must not go on.</exception>
    public static async Task MakeAsync(
        CommandContext context, NpgsqlConnection connection, string reason, CancellationToken cancellationToken)
    {
        var settings = context.Settings<BackupOptions>(BackupOptions.Section);
        if (!settings.BeforeMigration)
        {
            context.Log.LogInformation("No backup {Reason}, since Backup__BeforeMigration is false.", reason);
            return;
        }

        if (!await HoldsDataAsync(connection, cancellationToken))
        {
            return;
        }

        var folder = settings.FolderOr(null);
        var target = context.ConnectionString();
        try
        {
            var writer = new BackupWriter(context.Log, new ClientToolsFinder());
            await WorkerTelemetry.TraceAsync("backup", () => writer.WriteAsync(target, folder, automatic: true, reason, cancellationToken));
        }
        catch (Exception e) when (ErrorFormatter.IsExpected(e) && e is not OperationCanceledException)
        {
            throw new UserErrorException(
                $"Nothing was migrated, because the backup {reason} failed: {ErrorFormatter.Format(e)} "
                + "Fix that, or go without a backup: set Backup__BeforeMigration to false.", e);
        }

        foreach (var deleted in await folder.PruneAsync(target.Database!, settings.Keep, cancellationToken))
        {
            context.Log.LogInformation("Deleted the older automatic backup {File}; Backup__Keep is {Keep}.", deleted.Path, settings.Keep);
        }
    }

    // An empty database with a schema is not worth a backup.
    private static async Task<bool> HoldsDataAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
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
