namespace MovieAspire.MigrationWorker.Backups;

/// <summary>What stands beside a backup, in <c>FILE.json</c>: how to tell that it is whole, and what is in it.</summary>
internal sealed record BackupManifest
{
    /// <summary>The version of this document that this build writes; it reads older ones, too, which differ in the <see cref="RowHash"/>.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required string Database { get; init; }

    /// <summary>True where the worker made it before a migration; only these are deleted by it when they get too many.</summary>
    public required bool Automatic { get; init; }

    /// <summary>Why it was made, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>The moment whose state it holds.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    public required long Size { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required string ServerVersion { get; init; }

    /// <summary>The version of the <c>pg_dump</c> that wrote it; an older <c>pg_restore</c> may not read it.</summary>
    public required string ToolVersion { get; init; }

    /// <inheritdoc cref="DatabaseFacts"/>
    public string? Migration { get; init; }

    /// <inheritdoc cref="DatabaseFacts"/>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The size of the database on its server, with indexes, in bytes.</summary>
    public required long DatabaseSize { get; init; }

    public required IReadOnlyList<TableContent> Tables { get; init; }

    /// <summary>When <c>verify-backup</c> last restored it and found all as it is here.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }
}
