namespace MovieAspire.Data.Entities;

/// <summary>
/// What the migration worker ran, beside EF Core's own history, which knows names only: whether a migration was changed
/// after it was applied shows in the checksum.
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
