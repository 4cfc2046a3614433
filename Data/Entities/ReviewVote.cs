namespace MovieAspire.Data.Entities;

/// <summary>A person found a review helpful; the database refuses the review's own author.</summary>
public sealed class ReviewVote
{
    public long ReviewId { get; init; }

    public long UserId { get; init; }

    /// <summary>When the vote was given.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public Review Review { get; private set; } = null!;

    public User User { get; private set; } = null!;
}
