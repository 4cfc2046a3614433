using MovieAspire.Api.Http;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Films that the people who rated a film 8 or higher rated so, too. How many did is divided by how many rate the other film
/// that highly at all, so that what everybody likes is not similar to everything.
/// </summary>
/// <remarks>
/// Of a film with more fans than <see cref="Fans"/> only the keenest count, and among equals the latest to register; of a fan of more films than
/// <see cref="FilmsOfFan"/> only the latest in the catalogue, since whoever loves thousands says little by each. Samples, but the same ones each time, which
/// bound the work. Both steps read indexes only, the second one the partial index of votes from 8 on (docs/performance.md).
/// </remarks>
internal static class SimilarMovies
{
    private const int Fans = 500;

    private const int FilmsOfFan = 300;

    /// <summary>Films that are considered: those that most fans share.</summary>
    private const int Candidates = 500;

    public static ListQuery<MovieSummary> Of(long movieId) => new()
    {
        Columns = MovieSummary.Columns,
        With =
            $"""
            WITH shared AS (
                SELECT other.movie_id, count(*) AS fans
                FROM (SELECT user_id FROM ratings WHERE movie_id = {movieId} AND value >= 8 ORDER BY value DESC, user_id DESC LIMIT {Fans}) fan,
                     LATERAL (
                         SELECT movie_id FROM ratings WHERE user_id = fan.user_id AND value >= 8 AND movie_id <> {movieId}
                         ORDER BY movie_id DESC LIMIT {FilmsOfFan}) other
                GROUP BY other.movie_id ORDER BY fans DESC, other.movie_id LIMIT {Candidates})
            """,
        From = $"shared JOIN {MovieSummary.From} ON m.id = shared.movie_id",
        Sort = new(
            "-similarity",
            new(
                $"shared.fans / sqrt(10 + s.rating_histogram[8] + s.rating_histogram[9] + s.rating_histogram[10]::double precision)",
                "double precision")),
        TieBreaker = "m.id",
        Read = row => MovieSummary.Read(row),
    };
}
