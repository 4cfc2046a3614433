using System.Security.Cryptography;
using CliWrap;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Takes backups. The caller holds the worker's lock, so that no migration runs meanwhile.</summary>
internal sealed class BackupWriter(ILogger log, ClientToolsFinder finder)
{
    // End the pg_dump of a worker that was killed: inside a container, pg_dump survives it.
    private const string TerminateOrphans =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        + $"WHERE datname = current_database() AND application_name = '{LibpqEnvironment.ApplicationName}' AND {OtherSessions.MayEnd}";

    /// <summary>Writes the database that <paramref name="target"/> names into a new file of <paramref name="folder"/>.</summary>
    public async Task<Backup> WriteAsync(
        NpgsqlConnectionStringBuilder target, BackupFolder folder, bool automatic, string? reason, CancellationToken cancellationToken)
    {
        if (folder.Prepare() is > 0 and var leftovers)
        {
            log.LogInformation("Removed {Count} unfinished files of earlier runs.", leftovers);
        }

        await using var connection = await ServerConnection.OpenAsync(target, target.Database!, cancellationToken);
        await connection.ExecuteAsync(TerminateOrphans, cancellationToken);
        var tools = await TryFindToolsAsync(connection, cancellationToken);
        var server = ServerConnection.DescribeToPrograms(target, connection);
        var info = await DatabaseInfo.ReadAsync(connection, cancellationToken);
        await using var snapshot = await DatabaseSnapshot.OpenAsync(connection, cancellationToken);
        var schema = await SchemaHash.ReadAsync(connection, cancellationToken);
        var takenAt = DateTimeOffset.UtcNow;
        var path = folder.PathFor(info.Name, takenAt, automatic, tools is null ? Backup.ScriptEnding : Backup.DumpEnding);
        if (tools is null)
        {
            log.LogInformation(
                "Backing up {Database} as a SQL script, since there is no pg_dump for PostgreSQL {Major}, to {Path}; "
                + "bring it back with: restore {File}",
                info.Name, connection.PostgreSqlVersion.Major, path, Path.GetFileName(path));
        }
        else
        {
            log.LogInformation(
                "Backing up {Database} with pg_dump {Version} ({Place}) to {Path}", info.Name, tools.Version.Text, tools.Place, path);
        }

        using var progress = new Progress(log, "Dumping and hashing");
        await using var file = PendingFile.Create(path);
        WrittenArchive? archive = null;
        IReadOnlyList<TableContent> tables = [];
        await Task.WhenBothAsync(
            stop => tools is null
                ? WorkerTelemetry.TraceAsync("script", async () => archive = await SqlScript.WriteAsync(target, snapshot.Id, file, stop))
                : WorkerTelemetry.TraceAsync(
                    "pg_dump", async () => archive = await PgDump.WriteAsync(tools, server, snapshot.Id, file, stop)),
            stop => WorkerTelemetry.TraceAsync("hash", async () => tables = await ContentReader.ReadAsync(connection, stop)),
            cancellationToken);
        var backup = new Backup(path, new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Database = info.Name,
            Automatic = automatic,
            Reason = reason,
            TakenAt = takenAt,
            Size = archive!.Size,
            Sha256 = archive.Sha256,
            ServerVersion = info.ServerVersion,
            ToolVersion = tools?.Version.Text ?? info.ServerVersion,
            Migration = info.Migration,
            Roles = info.Roles,
            DatabaseSize = info.Bytes,
            Tables = tables,
            SchemaSha256 = schema,
        });

        // The manifest first: a manifest without a file is recognized as no backup.
        await backup.WriteManifestAsync(cancellationToken);
        file.Commit();
        return backup;
    }

    private async Task<ClientTools?> TryFindToolsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await finder.FindAsync(connection, connection.PostgreSqlVersion.Major, cancellationToken);
        }
        catch (ClientToolsMissingException)
        {
            return null;
        }
    }
}

/// <summary>The written file.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal.</param>
internal sealed record WrittenArchive(long Size, string Sha256);

/// <summary>Backs up with <c>pg_dump</c>.</summary>
internal static class PgDump
{
    private const int BufferSize = 1 << 20;

    /// <summary>Writes what a snapshot of a database holds into a file.</summary>
    /// <remarks>
    /// Uses a pipe instead of letting <c>pg_dump</c> write the file: this way the checksum is computed on the fly, it works for containers,
    /// too, and <c>pg_dump</c> ends with this process.
    /// </remarks>
    /// <exception cref="UserErrorException"><c>pg_dump</c> failed.</exception>
    public static async Task<WrittenArchive> WriteAsync(
        ClientTools tools, NpgsqlConnectionStringBuilder target, string snapshot, PendingFile file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        var dump = await tools.RunAsync(
            ClientTools.Dump,
            ["--format=custom", $"--snapshot={snapshot}", ClientTools.DatabaseArgument(target.Database!)],
            target,
            PipeTarget.Create(async (output, stop) =>
            {
                var buffer = new byte[BufferSize];
                while (await output.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, stop) is > 0 and var read)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                    await file.WriteAsync(buffer.AsMemory(0, read), stop);
                    size += read;
                }
            }),
            cancellationToken);
        return dump.ExitCode == 0
            ? new WrittenArchive(size, Convert.ToHexStringLower(hash.GetHashAndReset()))
            : throw new UserErrorException($"pg_dump failed, and no backup was made. {dump.Errors}");
    }
}
