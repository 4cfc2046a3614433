using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>A backup: a file written by <c>pg_dump</c> or a <see cref="SqlScript"/>, and its manifest.</summary>
internal sealed record Backup(string Path, BackupManifest Manifest)
{
    public const string DumpEnding = ".dump";
    public const string ScriptEnding = ".sql.gz";
    public const string ManifestEnding = ".json";

    /// <summary>True for a <see cref="SqlScript"/>.</summary>
    public bool IsScript => Path.EndsWith(ScriptEnding, StringComparison.Ordinal);

    /// <summary>The state of the file according to its size and time. Only <c>verify-backup</c> reads its content.</summary>
    public BackupState State
    {
        get
        {
            // A link has a size and a time of its own.
            var file = File.ResolveLinkTarget(Path, returnFinalTarget: true) as FileInfo ?? new FileInfo(Path);
            return !file.Exists || file.Length != Manifest.Size ? BackupState.Damaged
                : Manifest.VerifiedAt is not { } verifiedAt ? BackupState.Unverified
                : file.LastWriteTimeUtc > verifiedAt ? BackupState.Changed
                : BackupState.Verified;
        }
    }

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="UserErrorException">A file is missing, or the manifest cannot be read.</exception>
    public static async Task<Backup> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no file {path}. See which backups there are with: backups");
        }

        var manifest = path + ManifestEnding;
        if (!File.Exists(manifest))
        {
            throw new UserErrorException(
                $"{path} has no manifest {System.IO.Path.GetFileName(manifest)} beside it, so nothing could tell whether all of it "
                + "came back. Copy both files; they belong together.");
        }

        try
        {
            await using var stream = File.OpenRead(manifest);
            var read = await JsonSerializer.DeserializeAsync(stream, BackupJson.Default.BackupManifest, cancellationToken);
            return read switch
            {
                null => throw DamagedManifest(manifest, null),
                { Format: not BackupManifest.CurrentFormat } => throw new UserErrorException(
                    $"{manifest} was written by {(read.Format > BackupManifest.CurrentFormat ? "a newer" : "an older")} build "
                    + $"(format {read.Format}; this one reads {BackupManifest.CurrentFormat}). Restore with that build."),
                { IsPlausible: false } => throw DamagedManifest(manifest, null),
                _ => new Backup(path, read),
            };
        }
        catch (JsonException e)
        {
            throw DamagedManifest(manifest, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ErrorFormatter.Format(e), e);
        }
    }

    private static DamagedBackupException DamagedManifest(string path, JsonException? reason) => new(
        $"{path} is damaged{(reason?.LineNumber is { } line ? $" in line {line + 1}" : "")}, so nothing could tell whether all of the backup "
        + "came back. Copy it again from where the backup was made, or take another backup.",
        reason);

    /// <summary>Checks size and SHA-256 of the file.</summary>
    /// <exception cref="DamagedBackupException">The file is damaged.</exception>
    public async Task CheckFileAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path);
        if (stream.Length != Manifest.Size)
        {
            throw new DamagedBackupException(
                $"{Path} is damaged: it has {stream.Length} bytes instead of {Manifest.Size}. "
                + "Copy it again from where it was made, or take another backup.");
        }

        var checksum = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        if (checksum != Manifest.Sha256)
        {
            throw new DamagedBackupException(
                $"{Path} is damaged: its SHA-256 is {checksum} instead of {Manifest.Sha256}. "
                + "Copy it again from where it was made, or take another backup.");
        }
    }

    /// <summary>Writes the manifest and flushes it to the disk.</summary>
    public async Task WriteManifestAsync(CancellationToken cancellationToken)
    {
        await using var file = PendingFile.Create(Path + ManifestEnding);
        await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Manifest, BackupJson.Default.BackupManifest), cancellationToken);
        file.Commit();
    }

    /// <summary>Deletes the backup, the file first: a manifest without a file is recognized as no backup.</summary>
    public void Delete()
    {
        File.Delete(Path);
        File.Delete(Path + ManifestEnding);
    }
}

/// <summary>The state of a backup's file, without reading it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupState>))]
internal enum BackupState
{
    /// <summary>It has the size in the manifest.</summary>
    [JsonStringEnumMemberName("unverified")]
    Unverified,

    /// <summary>It was verified by a restore, and its time and size have not changed since.</summary>
    [JsonStringEnumMemberName("verified")]
    Verified,

    /// <summary>It was modified since it was verified, or copied without its time.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>Its size differs from the manifest.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}

/// <summary>A backup is damaged.</summary>
internal sealed class DamagedBackupException(string message, Exception? inner = null) : UserErrorException(message, inner);

/// <summary>The manifest, stored as <c>FILE.json</c>: size and checksum of the file, and the rows that it must restore.</summary>
internal sealed record BackupManifest
{
    /// <summary>The version of this document that this build writes and reads.</summary>
    /// <remarks>
    /// No release wrote format 1, which hashed rows as text. Backups made from the main branch hold it, so its number is not used again.
    /// </remarks>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required string Database { get; init; }

    /// <summary>Whether the worker made it before a migration. The worker deletes surplus backups of this kind only.</summary>
    public required bool Automatic { get; init; }

    /// <summary>Why it was made, such as <c>before migration X</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>When the migrations after it were applied; null if they failed or are running, and for other backups.</summary>
    public DateTimeOffset? MigratedAt { get; init; }

    /// <summary>The moment of the snapshot.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    public required long Size { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required string ServerVersion { get; init; }

    /// <summary>
    /// The version of the <c>pg_dump</c> that wrote it; an older <c>pg_restore</c> may not read it. For a script, the server's.
    /// </summary>
    public required string ToolVersion { get; init; }

    /// <inheritdoc cref="DatabaseInfo"/>
    public string? Migration { get; init; }

    /// <inheritdoc cref="DatabaseInfo"/>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The size of the database on its server, with indexes, in bytes.</summary>
    public required long DatabaseSize { get; init; }

    public required IReadOnlyList<TableContent> Tables { get; init; }

    /// <summary>SHA-256 of the schema's description; null in backups of builds that did not write it.</summary>
    public string? SchemaSha256 { get; init; }

    /// <summary>When <c>verify-backup</c> last restored it and found no difference.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Whether the values can be what the worker wrote; JSON's own rules say nothing of versions and of nulls in lists.</summary>
    [JsonIgnore]
    public bool IsPlausible =>
        char.IsAsciiDigit(ServerVersion.FirstOrDefault()) && char.IsAsciiDigit(ToolVersion.FirstOrDefault())
        && Roles.All(role => role is not null) && Tables.All(table => table is not null);
}

/// <summary>The manifest as JSON.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
