using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies.Writing;

/// <summary>Writes which genres films have.</summary>
internal static class MovieGenres
{
    /// <summary>Gives each film, found by title and date, exactly its genres. Returns the ids of the films that this changed.</summary>
    public static async Task<List<long>> SetGenresAsync(
        this MovieDbContext db, IReadOnlyCollection<MovieRequest> movies, CancellationToken cancellationToken)
    {
        // In the order of the names, so that two writers of the same new genres don't wait for each other in a circle.
        await db.ExecuteAsync(
            new SqlStatement(
                $"INSERT INTO genres (name) SELECT DISTINCT wish FROM {MovieRows.Of(movies)}, unnest(r.genres) AS wish ORDER BY wish ON CONFLICT DO NOTHING"),
            cancellationToken);

        return await db.QueryAsync(
            new SqlStatement(
                $"""
                WITH films AS (
                    SELECT m.id, r.genres FROM {MovieRows.Of(movies)} JOIN movies m ON m.title = r.title AND m.release_date = r."releaseDate"),
                wanted AS (
                    SELECT films.id AS movie_id, g.id AS genre_id FROM films, unnest(films.genres) AS wish JOIN genres g ON g.name = wish),
                dropped AS (
                    DELETE FROM movie_genres mg USING films
                    WHERE mg.movie_id = films.id AND (mg.movie_id, mg.genre_id) NOT IN (SELECT movie_id, genre_id FROM wanted)
                    RETURNING mg.movie_id),
                added AS (
                    INSERT INTO movie_genres (movie_id, genre_id) SELECT movie_id, genre_id FROM wanted
                    ON CONFLICT DO NOTHING RETURNING movie_id)
                SELECT movie_id FROM dropped UNION SELECT movie_id FROM added
                """),
            row => row.GetInt64(0),
            cancellationToken);
    }
}
