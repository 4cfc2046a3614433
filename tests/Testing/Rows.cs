namespace MovieAspire.Testing;

/// <summary>Inserts rows that no other test uses.</summary>
public static class Rows
{
    /// <summary>Inserts a movie of the year 2000 and returns its id.</summary>
    public static Task<long> AddMovieAsync(string connectionString, string? title = null) => Sql.ScalarAsync<long>(
        connectionString,
        "INSERT INTO movies (title, release_date) VALUES ($1, '2000-01-01') RETURNING id",
        title ?? $"{Guid.NewGuid()}");

    /// <summary>Inserts a user with a confirmed email and no password, and returns its id.</summary>
    /// <param name="connectionString">Connection string of the database.</param>
    /// <param name="name">The display name and the local part of the email.</param>
    public static Task<long> AddUserAsync(string connectionString, string? name = null)
    {
        name ??= $"user-{Guid.NewGuid():N}";
        return Sql.ScalarAsync<long>(
            connectionString,
            """
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, security_stamp,
                email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ($1, $2, upper($2), $2, upper($2), 'stamp of ' || $1, true, false, false, true, 0) RETURNING id
            """,
            name,
            $"{name}@example.com");
    }

    /// <summary>Inserts a review and returns its id.</summary>
    public static Task<long> AddReviewAsync(string connectionString, long movie, long user) => Sql.ScalarAsync<long>(
        connectionString,
        "INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ($1, $2, 'title', 'body', false) RETURNING id",
        movie,
        user);
}
