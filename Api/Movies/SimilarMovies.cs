using MovieAspire.Api.Http;

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

    /// <summary>The movies that are scored: those that most raters share.</summary>
    private const int Candidates = 500;

    public static ListQuery<MovieSummary> Create(long movieId) => new()
    {
        Columns = MovieSummary.Columns,
        With =
            $"""
            WITH shared AS (
                SELECT other.movie_id, count(*) AS raters
                FROM (SELECT user_id FROM ratings WHERE movie_id = {movieId} AND value >= 8 ORDER BY value DESC, user_id DESC LIMIT {MaxRaters}) rater,
                     LATERAL (
                         SELECT movie_id FROM ratings WHERE user_id = rater.user_id AND value >= 8 AND movie_id <> {movieId}
                         ORDER BY movie_id DESC LIMIT {MaxMoviesPerRater}) other
                GROUP BY other.movie_id ORDER BY raters DESC, other.movie_id LIMIT {Candidates})
            """,
        From = $"shared JOIN {MovieSummary.From} ON m.id = shared.movie_id",
        Sort = new(
            "-similarity",
            new(
                $"shared.raters / sqrt(10 + s.rating_histogram[8] + s.rating_histogram[9] + s.rating_histogram[10]::double precision)",
                "double precision")),
        TieBreaker = "m.id",
        Read = row => MovieSummary.Read(row),
    };
}
