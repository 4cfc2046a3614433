namespace MovieAspire.Data.Entities;

/// <summary>
/// A change of public data, for replicas of the API that cache responses. Triggers write it for every change; the replicas delete rows that
/// all of them have read.
/// </summary>
public sealed class CacheEviction
{
    /// <summary>The transaction that made the change.</summary>
    public ulong TransactionId { get; private set; }

    /// <summary>The movie that changed, or null if any may have.</summary>
    public long? MovieId { get; private set; }
}
