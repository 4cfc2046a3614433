namespace MovieAspire.Data.Entities;

/// <summary>A movie among a user's favorites.</summary>
public sealed class Favorite
{
    public long UserId { get; init; }

    public long MovieId { get; init; }

    /// <summary>When the user added it.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public User User { get; private set; } = null!;

    public Movie Movie { get; private set; } = null!;
}
