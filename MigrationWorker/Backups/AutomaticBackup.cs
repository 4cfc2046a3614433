using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>The backup that is made before a migration of a database that holds data.</summary>
internal static class AutomaticBackup
{
    // Tables in which the worker keeps its books; an empty database with a schema is not worth a backup.
    private static readonly string[] Books = ["__EFMigrationsHistory", "applied_migrations", "applied_seeds"];

    /// <summary>
    /// Backs up unless the database holds nothing, or the settings say no. The caller holds the worker's lock, and says in
    /// <paramref name="reason"/> what comes next, such as <c>before migration X</c>.
    /// </summary>
    /// <exception cref="WorkerException">There was no way to make the backup, so the migration must not go on.</exception>
    public static async Task MakeAsync(Session session, NpgsqlConnection connection, string reason, CancellationToken cancellationToken)
    {
        var settings = BackupSettings.From(session.Configuration);
        if (!settings.BeforeMigration)
        {
            session.Log.LogInformation("No backup {Reason}, since Backup__BeforeMigration is false.", reason);
            return;
        }

        if (!await HoldsDataAsync(connection, cancellationToken))
        {
            return;
        }

        var folder = settings.FolderOr(null);
        var target = session.ConnectionString();
        try
        {
            await Steps.RunAsync("backup", () => new BackupWriter(session.Log, new ClientToolsFinder()).WriteAsync(target, folder, automatic: true, reason, cancellationToken));
        }
        catch (Exception e) when (Failure.IsExpected(e) && e is not OperationCanceledException)
        {
            throw new WorkerException(
                $"Nothing was migrated, because the backup {reason} failed: {Failure.Describe(e)} Mend that, or go without it: set Backup__BeforeMigration to false.", e);
        }

        foreach (var deleted in await folder.PruneAsync(target.Database!, settings.Keep, cancellationToken))
        {
            session.Log.LogInformation("Deleted the older automatic backup {File}; Backup__Keep is {Keep}.", deleted.Path, settings.Keep);
        }
    }

    private static async Task<bool> HoldsDataAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (schema, name) in await ContentReader.ListTablesAsync(connection, cancellationToken))
        {
            if (!Books.Contains(name)
                && (await connection.ListAsync<bool>($"SELECT EXISTS (SELECT FROM {Sql.Quote(schema)}.{Sql.Quote(name)})", cancellationToken)).Single())
            {
                return true;
            }
        }

        return false;
    }
}
