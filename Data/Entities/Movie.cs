namespace MovieAspire.Data.Entities;

/// <summary>A movie. Its natural key is title and release date.</summary>
public sealed class Movie
{
    /// <summary>Key, in the order of insertion.</summary>
    public long Id { get; init; }

    /// <summary>The title as released, in its original spelling.</summary>
    public required string Title { get; set; }

    /// <summary>First day in the cinemas of the United States; 1 January where only the year is known.</summary>
    public required DateOnly ReleaseDate { get; set; }

    /// <summary>Running time in minutes; null when not known.</summary>
    public int? RuntimeMinutes { get; set; }

    /// <summary>One of <see cref="Limits.MpaaRatings"/>; null when not known.</summary>
    public string? MpaaRating { get; set; }

    /// <summary>Who directed it; null when not known.</summary>
    public string? Director { get; set; }

    /// <summary>The distributor; null when not known.</summary>
    public string? Distributor { get; set; }

    /// <summary>US dollars; null when not known.</summary>
    public long? Budget { get; set; }

    /// <summary>Box office of the United States in US dollars; null when not known.</summary>
    public long? DomesticGross { get; set; }

    /// <summary>Box office of all countries in US dollars; null when not known.</summary>
    public long? WorldwideGross { get; set; }

    /// <summary>IMDb's score, 1 to 10 with one decimal; null when not known.</summary>
    public decimal? ImdbRating { get; set; }

    /// <summary>Number of votes behind <see cref="ImdbRating"/>.</summary>
    public int? ImdbVotes { get; set; }

    /// <summary>The movie's id at IMDb, such as <c>tt0133093</c>; null when not known.</summary>
    public string? ImdbId { get; set; }

    /// <summary>The movie's id at TMDB; null when not known.</summary>
    public int? TmdbId { get; set; }

    /// <summary>When the movie was added to this database.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the movie's own columns or genres last changed; its ratings do not count. Set by the database.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Incremented with every change of the movie's own columns or genres. Set by the database; the concurrency token.</summary>
    public int Version { get; private set; }

    /// <summary>The title in lower case without accents: what titles are sorted by and compared with misspellings.</summary>
    public string SortTitle { get; private set; } = null!;

    /// <summary>Words of title and director for full-text search.</summary>
    public NpgsqlTypes.NpgsqlTsVector SearchVector { get; private set; } = null!;

    public MovieStats Stats { get; private set; } = null!;

    public ICollection<Genre> Genres { get; } = [];
}
