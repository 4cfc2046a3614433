namespace MovieAspire.Data.Entities;

/// <summary>One person's vote on one film.</summary>
public sealed class Rating
{
    public long UserId { get; init; }

    public long MovieId { get; init; }

    /// <summary><see cref="Limits.MinRating"/> to <see cref="Limits.MaxRating"/>.</summary>
    public required short Value { get; set; }

    /// <summary>When the person first rated the film.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the value was last given. Set by the database.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public User User { get; private set; } = null!;

    public Movie Movie { get; private set; } = null!;
}
