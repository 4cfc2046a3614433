namespace MovieAspire.Data;

/// <summary>
/// A key of ASP.NET Core's key ring, kept in the database so that a token of one replica is good on another and after a restart.
/// </summary>
public sealed class DataProtectionKey
{
    public long Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}
