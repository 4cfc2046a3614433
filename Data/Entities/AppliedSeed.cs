namespace MovieAspire.Data.Entities;

/// <summary>A seed that was applied once. It is not applied again, so that later deletions stay.</summary>
public sealed class AppliedSeed
{
    /// <summary>The seed's profile, such as <c>demo</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>SHA-256 of the seed's fixture and generator, in lower-case hexadecimal.</summary>
    public required string Checksum { get; set; }

    /// <summary>When it was last applied.</summary>
    public DateTimeOffset AppliedAt { get; set; }
}
