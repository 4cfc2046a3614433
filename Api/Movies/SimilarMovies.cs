using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Movies that the users who rated a movie 8 or higher also rated 8 or higher. Their number is divided by the other movie's number of
/// such ratings, so that a movie that everybody likes is not similar to everything.
/// </summary>
/// <remarks>
/// Two samples bound the work, and are the same each time: of a movie's raters the <see cref="MaxRaters"/> with the highest ratings, and
/// among equals the newest accounts; of each rater's movies the <see cref="MaxMoviesPerRater"/> newest in the catalog. Both steps read
/// indexes only, the second one the partial index of ratings from 8 on (docs/performance.md).
/// </remarks>
internal static class SimilarMovies
{
    private const int MaxRaters = 500;

    private const int MaxMoviesPerRater = 300;

    /// <summary>The number of movies that are scored: those with the most raters in common.</summary>
    private const int Candidates = 500;

    private static readonly SortOrder<SimilarRow> Sort = new(
        "-similarity",
        new SortKey<SimilarRow, double>(
            row => row.Similar.Raters
                / Math.Sqrt(10.0 + row.Row.Stats.RatingHistogram[7] + row.Row.Stats.RatingHistogram[8] + row.Row.Stats.RatingHistogram[9]),
            row => row.Row.Movie.Id));

    /// <summary>The candidates are SQL: LINQ has no LATERAL with a limit of its own that EF Core would keep on the index.</summary>
    public static ListQuery<SimilarRow, MovieSummary> Create(MovieDbContext db, long movieId) => new()
    {
        Rows = () =>
            from similar in db.Database.SqlQuery<SimilarMovie>(
                $"""
                SELECT other.movie_id AS "MovieId", count(*) AS "Raters"
                FROM (SELECT user_id FROM ratings WHERE movie_id = {movieId} AND value >= 8 ORDER BY value DESC, user_id DESC LIMIT {MaxRaters}) rater,
                     LATERAL (
                         SELECT movie_id FROM ratings WHERE user_id = rater.user_id AND value >= 8 AND movie_id <> {movieId}
                         ORDER BY movie_id DESC LIMIT {MaxMoviesPerRater}) other
                GROUP BY other.movie_id ORDER BY count(*) DESC, other.movie_id LIMIT {Candidates}
                """)
            join row in db.MovieRows() on similar.MovieId equals row.Movie.Id
            select new SimilarRow { Similar = similar, Row = row },
        Item = MovieSummary.FromRow.ApplyTo((SimilarRow row) => row.Row),
        Sort = Sort,
    };
}

/// <summary>A movie with raters in common.</summary>
internal sealed record SimilarMovie
{
    public required long MovieId { get; init; }

    public required long Raters { get; init; }
}

internal sealed class SimilarRow
{
    public required SimilarMovie Similar { get; init; }

    public required MovieRow Row { get; init; }
}
