namespace MovieAspire.Data.Entities;

/// <summary>One user's review of one movie.</summary>
public sealed class Review
{
    public long Id { get; init; }

    public required long MovieId { get; init; }

    public required long UserId { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; set; }

    /// <summary>Plain text.</summary>
    public required string Body { get; set; }

    /// <summary>Whether the author warns that it reveals the plot.</summary>
    public bool ContainsSpoilers { get; set; }

    /// <summary>How many users found it helpful. Triggers keep it exact.</summary>
    public int HelpfulCount { get; private set; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its author last changed it; helpful votes do not count. Set by the database.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Incremented when its author changes it. Set by the database; the concurrency token.</summary>
    public int Version { get; private set; }

    public Movie Movie { get; private set; } = null!;

    public User User { get; private set; } = null!;
}
