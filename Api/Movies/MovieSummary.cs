using System.Linq.Expressions;

namespace MovieAspire.Api.Movies;

/// <summary>A movie in a list.</summary>
public sealed record MovieSummary
{
    public required long Id { get; init; }

    public required string Title { get; init; }

    /// <summary>First day in the cinemas of the United States; 1 January where only the year is known.</summary>
    public required DateOnly ReleaseDate { get; init; }

    public required int? RuntimeMinutes { get; init; }

    public required IReadOnlyList<string> Genres { get; init; }

    /// <summary>Average rating, 1 to 10 with two decimals; null without ratings.</summary>
    public required decimal? AverageRating { get; init; }

    public required int RatingCount { get; init; }

    public required int ReviewCount { get; init; }

    /// <summary>When the movie was last edited. Ratings do not change it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static readonly Expression<Func<MovieRow, MovieSummary>> FromRow = row => new()
    {
        Id = row.Movie.Id,
        Title = row.Movie.Title,
        ReleaseDate = row.Movie.ReleaseDate,
        RuntimeMinutes = row.Movie.RuntimeMinutes,
        Genres = row.Genres,
        AverageRating = row.Stats.AverageRating,
        RatingCount = row.Stats.RatingCount,
        ReviewCount = row.Stats.ReviewCount,
        UpdatedAt = row.Movie.UpdatedAt,
    };
}
