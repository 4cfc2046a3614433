namespace MovieAspire.Data.Entities;

/// <summary>A user finds a review helpful; the database rejects a vote of the review's own author.</summary>
public sealed class ReviewVote
{
    public long ReviewId { get; init; }

    public long UserId { get; init; }

    /// <summary>When the user voted.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public Review Review { get; private set; } = null!;

    public User User { get; private set; } = null!;
}
