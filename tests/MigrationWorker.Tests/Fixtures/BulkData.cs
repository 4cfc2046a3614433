using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>
/// Invented rows in numbers: each user rates every movie and has reviewed the first. From 2,000 rows on, a table that is loaded gets its
/// indexes afterwards.
/// </summary>
internal static class BulkData
{
    public static Task FillAsync(string connectionString, int movies, int users) => Sql.ExecuteAsync(connectionString, $"""
        INSERT INTO genres (name) VALUES ('Drama'), ('Crime');
        INSERT INTO movies (title, release_date) SELECT 'Movie ' || n, date '1950-01-01' + n FROM generate_series(1, {movies}) n;
        INSERT INTO movie_genres (movie_id, genre_id) SELECT movies.id, genres.id FROM movies, genres;
        INSERT INTO users (user_name, normalized_user_name, display_name, email_confirmed, phone_number_confirmed,
            two_factor_enabled, lockout_enabled, access_failed_count)
        SELECT 'p' || n, 'P' || n, 'User ' || n, true, false, false, true, 0 FROM generate_series(1, {users}) n;
        INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
        SELECT users.id, movies.id, 1 + (users.id * movies.id) % 10, '2020-01-01', '2020-01-01' FROM users, movies;
        INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers) SELECT users.id, 1, 'Title', 'Body', false FROM users
        """);
}
