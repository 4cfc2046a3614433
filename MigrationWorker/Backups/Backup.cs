using System.Security.Cryptography;
using System.Text.Json;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>A backup: the file that <c>pg_dump</c> wrote, and its manifest beside it.</summary>
internal sealed record Backup(string Path, BackupManifest Manifest)
{
    public const string Ending = ".dump";
    public const string ManifestEnding = ".json";

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="WorkerException">A file is missing, or the manifest cannot be read.</exception>
    public static async Task<Backup> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new WorkerException($"There is no file {path}. See which backups there are with: backups");
        }

        var manifest = path + ManifestEnding;
        if (!File.Exists(manifest))
        {
            throw new WorkerException(
                $"{path} has no manifest {System.IO.Path.GetFileName(manifest)} beside it, so nothing could tell whether all of it came back. Copy both files; they belong together.");
        }

        try
        {
            await using var stream = File.OpenRead(manifest);
            var read = await JsonSerializer.DeserializeAsync(stream, BackupJson.Default.BackupManifest, cancellationToken);
            return read switch
            {
                null => throw new WorkerException($"{manifest} is empty."),
                { Format: > BackupManifest.CurrentFormat } => throw new WorkerException(
                    $"{manifest} was written by a newer build (format {read.Format}; this one reads up to {BackupManifest.CurrentFormat}). Restore with that build."),
                _ => new Backup(path, read),
            };
        }
        catch (JsonException e)
        {
            throw new WorkerException($"{manifest} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Looks whether the file is still the one that was written.</summary>
    /// <exception cref="WorkerException">It is not.</exception>
    public async Task CheckFileAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path);
        if (stream.Length != Manifest.Size)
        {
            throw new WorkerException(
                $"{Path} is damaged: it has {stream.Length} bytes instead of {Manifest.Size}. Copy it again from where it was made, or take another backup.");
        }

        var checksum = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        if (checksum != Manifest.Sha256)
        {
            throw new WorkerException(
                $"{Path} is damaged: its SHA-256 is {checksum} instead of {Manifest.Sha256}. Copy it again from where it was made, or take another backup.");
        }
    }

    /// <summary>Writes the manifest, to the disk, under its name.</summary>
    public async Task WriteManifestAsync(CancellationToken cancellationToken)
    {
        await using var file = PendingFile.Create(Path + ManifestEnding);
        await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Manifest, BackupJson.Default.BackupManifest), cancellationToken);
        file.Commit();
    }

    /// <summary>Deletes the backup. The file goes first: a manifest alone is known not to be a backup.</summary>
    public void Delete()
    {
        File.Delete(Path);
        File.Delete(Path + ManifestEnding);
    }
}
