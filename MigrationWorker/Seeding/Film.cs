namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>The facts of one film, as the fixture holds them and as importers deliver them. Money is in US dollars.</summary>
internal sealed record Film
{
    public required string Title { get; init; }

    public required DateOnly ReleaseDate { get; init; }

    public int? RuntimeMinutes { get; init; }

    public string? MpaaRating { get; init; }

    public string? Director { get; init; }

    public string? Distributor { get; init; }

    public long? Budget { get; init; }

    public long? DomesticGross { get; init; }

    public long? WorldwideGross { get; init; }

    public decimal? ImdbRating { get; init; }

    public int? ImdbVotes { get; init; }

    public IReadOnlyList<string> Genres { get; init; } = [];
}
