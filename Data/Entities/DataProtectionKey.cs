namespace MovieAspire.Data.Entities;

/// <summary>
/// A key of ASP.NET Core's key ring, kept in the database so that a token of one replica is good on another and after a restart.
/// </summary>
public sealed class DataProtectionKey
{
    public long Id { get; init; }

    /// <summary>The name that the key ring gave it.</summary>
    public required string FriendlyName { get; init; }

    /// <summary>The key as the key ring writes it.</summary>
    public required string Xml { get; init; }
}
