namespace MovieAspire.Data.Entities;

/// <summary>One user's rating of one movie.</summary>
public sealed class Rating
{
    public long UserId { get; init; }

    public long MovieId { get; init; }

    /// <summary><see cref="Limits.MinRating"/> to <see cref="Limits.MaxRating"/>.</summary>
    public required short Value { get; set; }

    /// <summary>When the user first rated the movie.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the value was last set. Set by the database.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public User User { get; private set; } = null!;

    public Movie Movie { get; private set; } = null!;
}
