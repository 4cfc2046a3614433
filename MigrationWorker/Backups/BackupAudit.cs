using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Records backups in the audit trail, where admins see them: the API has no access to the files.</summary>
internal static class BackupAudit
{
    private const string RecordSql = """
        INSERT INTO audit_entries (action, subject_type, subject_id, after)
        VALUES ('database.backedUp', 'database', 0,
            jsonb_strip_nulls(jsonb_build_object('file', $1::text, 'bytes', $2::bigint, 'reason', $3::text)))
        """;

    /// <summary>Adds an entry. A database that has no audit trail yet, or takes no writes, is backed up all the same.</summary>
    public static async Task RecordAsync(NpgsqlConnection connection, Backup backup, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            if (await connection.ScalarAsync<bool>("SELECT to_regclass('audit_entries') IS NOT NULL", cancellationToken))
            {
                await connection.ExecuteAsync(
                    RecordSql, cancellationToken, Path.GetFileName(backup.Path), backup.Manifest.Size,
                    backup.Manifest.Reason as object ?? DBNull.Value);
            }
        }
        catch (PostgresException e)
        {
            log.LogWarning("The backup is complete, but the audit trail does not show it: {Reason}", ErrorFormatter.Format(e));
        }
    }
}
