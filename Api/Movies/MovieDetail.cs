using System.Linq.Expressions;
using System.Text.Json.Serialization;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Movies;

/// <summary>A movie with all its details.</summary>
public sealed record MovieDetail : IVersioned
{
    public required long Id { get; init; }

    public required string Title { get; init; }

    /// <summary>First day in the cinemas of the United States; 1 January where only the year is known.</summary>
    public required DateOnly ReleaseDate { get; init; }

    public required int? RuntimeMinutes { get; init; }

    /// <summary>The rating of the Motion Picture Association, such as <c>PG-13</c>; null when not known.</summary>
    public required string? MpaaRating { get; init; }

    public required string? Director { get; init; }

    public required string? Distributor { get; init; }

    /// <summary>US dollars.</summary>
    public required long? Budget { get; init; }

    /// <summary>Box office of the United States in US dollars.</summary>
    public required long? DomesticGross { get; init; }

    /// <summary>Box office of all countries in US dollars.</summary>
    public required long? WorldwideGross { get; init; }

    public required decimal? ImdbRating { get; init; }

    public required int? ImdbVotes { get; init; }

    /// <summary>The movie's id at IMDb, such as <c>tt0133093</c>; null when not known.</summary>
    public required string? ImdbId { get; init; }

    /// <summary>The movie's id at TMDB; null when not known.</summary>
    public required int? TmdbId { get; init; }

    public required IReadOnlyList<string> Genres { get; init; }

    /// <summary>Average rating, 1 to 10 with two decimals; null without ratings.</summary>
    public required decimal? AverageRating { get; init; }

    public required int RatingCount { get; init; }

    public required int ReviewCount { get; init; }

    public required int FavoriteCount { get; init; }

    /// <summary>Ten counts: the number of ratings of 1, 2, … 10.</summary>
    public required IReadOnlyList<int> RatingHistogram { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the movie was last edited. Ratings do not change it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public int Version { get; init; }

    internal static readonly Expression<Func<MovieRow, MovieDetail>> FromRow = row => new()
    {
        Id = row.Movie.Id,
        Title = row.Movie.Title,
        ReleaseDate = row.Movie.ReleaseDate,
        RuntimeMinutes = row.Movie.RuntimeMinutes,
        MpaaRating = row.Movie.MpaaRating,
        Director = row.Movie.Director,
        Distributor = row.Movie.Distributor,
        Budget = row.Movie.Budget,
        DomesticGross = row.Movie.DomesticGross,
        WorldwideGross = row.Movie.WorldwideGross,
        ImdbRating = row.Movie.ImdbRating,
        ImdbVotes = row.Movie.ImdbVotes,
        ImdbId = row.Movie.ImdbId,
        TmdbId = row.Movie.TmdbId,
        Genres = row.Genres,
        AverageRating = row.Stats.AverageRating,
        RatingCount = row.Stats.RatingCount,
        ReviewCount = row.Stats.ReviewCount,
        FavoriteCount = row.Stats.FavoriteCount,
        RatingHistogram = row.Stats.RatingHistogram,
        CreatedAt = row.Movie.CreatedAt,
        UpdatedAt = row.Movie.UpdatedAt,
        Version = row.Movie.Version,
    };
}
