namespace MovieAspire.Data.Entities;

/// <summary>
/// A change of what anybody can read, for replicas of the API that keep responses in memory. Triggers write it, whoever makes the change;
/// the replicas delete what all of them have seen.
/// </summary>
public sealed class CacheEviction
{
    /// <summary>The transaction that made the change.</summary>
    public ulong TransactionId { get; private set; }

    /// <summary>The movie that changed, or null where any may have.</summary>
    public long? MovieId { get; private set; }
}
