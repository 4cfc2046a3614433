namespace MovieAspire.Testing.Api;

/// <summary>Inserts rows directly into the database.</summary>
public static class Rows
{
    public static async Task<long> AddMovieAsync(this ApiFixture api, string title, DateOnly? released = null, params string[] genres)
    {
        var id = await api.ScalarAsync<long>(
            $"INSERT INTO movies (title, release_date) VALUES ({title}, {released ?? new DateOnly(2000, 1, 1)}) RETURNING id");
        foreach (var genre in genres)
        {
            await api.ExecuteAsync($"INSERT INTO genres (name) VALUES ({genre}) ON CONFLICT DO NOTHING");
            await api.ExecuteAsync($"INSERT INTO movie_genres (movie_id, genre_id) SELECT {id}, id FROM genres WHERE name = {genre}");
        }

        return id;
    }

    public static Task<long> AddUserAsync(this ApiFixture api, string name)
    {
        var address = $"{name}@example.com".ToUpperInvariant();
        return api.ScalarAsync<long>(
            $"""
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, security_stamp,
                email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ({name}, {address}, {address}, {address}, {address}, {$"stamp of {name}"}, true, false, false, true, 0) RETURNING id
            """);
    }

    /// <summary>Adds a rating by a new user for each value.</summary>
    public static async Task RateAsync(this ApiFixture api, long movie, params int[] values)
    {
        foreach (var value in values)
        {
            var user = await api.AddUserAsync($"rater-{Guid.NewGuid():N}");
            await api.ExecuteAsync($"INSERT INTO ratings (user_id, movie_id, value) VALUES ({user}, {movie}, {(short)value})");
        }
    }
}
