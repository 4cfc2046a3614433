namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>A generated review of who gave the vote; its text says that it is generated.</summary>
internal sealed record DemoReview(DemoRating Rating, string Title, string Body, bool ContainsSpoilers)
{
    /// <summary>Numbers of the people who found it helpful.</summary>
    public required IReadOnlyList<int> Voters { get; init; }
}
