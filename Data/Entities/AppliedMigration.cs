namespace MovieAspire.Data.Entities;

/// <summary>
/// A migration that the worker applied. EF Core's own history has only names; the checksum shows whether the script was changed since.
/// </summary>
public sealed class AppliedMigration
{
    /// <summary>EF Core's id: a time and a name.</summary>
    public required string MigrationId { get; init; }

    /// <summary>SHA-256 of the migration's SQL in both directions, in lower-case hexadecimal.</summary>
    public required string Checksum { get; init; }

    /// <summary>When it was applied.</summary>
    public DateTimeOffset AppliedAt { get; private set; }
}
