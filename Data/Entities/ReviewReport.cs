namespace MovieAspire.Data.Entities;

/// <summary>A user asks the moderators to look at a review.</summary>
public sealed class ReviewReport
{
    public long Id { get; init; }

    public required long ReviewId { get; init; }

    /// <summary>Who reported it.</summary>
    public required long UserId { get; init; }

    /// <summary>One of <see cref="Limits.ReportReasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What the user adds; null where there is nothing to add.</summary>
    public string? Comment { get; init; }

    /// <summary>When it was reported.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When a moderator decided to keep the review; null while nobody has. Removing the review deletes its reports.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    public Review Review { get; private set; } = null!;
}
