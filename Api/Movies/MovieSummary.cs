using MovieAspire.Api.Database;
using Npgsql;

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

    /// <summary>The columns that <see cref="Read(NpgsqlDataReader, int)"/> reads, of <see cref="From"/>.</summary>
    internal const string Columns =
        $"m.id, m.title, m.release_date, m.runtime_minutes, {GenreNames}, s.average_rating, s.rating_count, s.review_count";

    internal const string From = "movies m JOIN movie_stats s ON s.movie_id = m.id";

    internal const string GenreNames =
        "ARRAY(SELECT g.name FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY g.name)";

    /// <summary>Reads the columns from <paramref name="at"/> on.</summary>
    internal static MovieSummary Read(NpgsqlDataReader row, int at = 0) => new()
    {
        Id = row.GetInt64(at),
        Title = row.GetString(at + 1),
        ReleaseDate = row.GetFieldValue<DateOnly>(at + 2),
        RuntimeMinutes = row.GetNullable<int>(at + 3),
        Genres = row.GetFieldValue<string[]>(at + 4),
        AverageRating = row.GetNullable<decimal>(at + 5),
        RatingCount = row.GetInt32(at + 6),
        ReviewCount = row.GetInt32(at + 7),
    };
}
