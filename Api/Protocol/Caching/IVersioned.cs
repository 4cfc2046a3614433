namespace MovieAspire.Api.Protocol.Caching;

/// <summary>A representation of something that people edit.</summary>
internal interface IVersioned
{
    /// <summary>Rises with each edit, and with nothing else; what <c>If-Match</c> is compared with.</summary>
    int Version { get; }
}
