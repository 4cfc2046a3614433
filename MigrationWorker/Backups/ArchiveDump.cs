using System.Security.Cryptography;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>What <c>pg_dump</c> wrote.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal.</param>
internal sealed record ArchiveDump(long Size, string Sha256)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Writes what a snapshot of a database holds into a file.</summary>
    /// <remarks>
    /// Through a pipe instead of straight into the file: so the checksum is made on the way, it works alike for a container,
    /// and <c>pg_dump</c> ends when this process does.
    /// </remarks>
    /// <exception cref="WorkerException"><c>pg_dump</c> failed.</exception>
    public static async Task<ArchiveDump> WriteAsync(
        ClientTools tools, NpgsqlConnectionStringBuilder target, string snapshot, PendingFile file, CancellationToken cancellationToken)
    {
        using var dump = tools.Start(ClientTools.Dump, ["--format=custom", $"--snapshot={snapshot}", ClientTools.DatabaseArgument(target.Database!)], target);
        dump.Input.Close();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long size = 0;
        while (await dump.Output.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            size += read;
        }

        return await dump.WaitAsync(cancellationToken) == 0
            ? new ArchiveDump(size, Convert.ToHexStringLower(hash.GetHashAndReset()))
            : throw new WorkerException($"pg_dump failed, and no backup was made. {dump.Describe()}");
    }
}
