using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Inserts the invented users with their ratings, reviews and favorites, without changing existing rows. Runs in the transaction in which
/// <see cref="MovieImporter"/> staged the movies. Each column is one array parameter.
/// </summary>
internal sealed class DemoStore(NpgsqlConnection connection)
{
    // Maps positions in the fixture and numbers of users to ids.
    private const string Keys = """
        CREATE TEMP TABLE demo_movies ON COMMIT DROP AS
            SELECT ordinal AS movie, movies.id AS movie_id FROM incoming_movies JOIN movies USING (title, release_date);
        CREATE TEMP TABLE demo_users (number integer PRIMARY KEY, user_id bigint) ON COMMIT DROP;
        """;

    private readonly DeferredCounts _counts = new(connection);

    public async Task AddUsersAsync(CancellationToken cancellationToken)
    {
        var (numbers, names) = (DemoUser.All.Select(user => user.Number).ToArray(), DemoUser.All.Select(user => user.UserName).ToArray());
        await connection.ExecuteAsync(Keys, cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, security_stamp, concurrency_stamp,
                created_at, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            SELECT display, name, upper(name), name, upper(name), md5(name), md5(name),
                '2023-12-01+00'::timestamptz + number * interval '7 hours', false, false, false, true, 0
            FROM unnest($1, $2, $3) AS demo (number, display, name) ORDER BY number
            ON CONFLICT (normalized_user_name) DO NOTHING
            """,
            cancellationToken,
            numbers, DemoUser.All.Select(user => user.DisplayName).ToArray(), names);
        await connection.ExecuteAsync(
            """
            INSERT INTO demo_users
            SELECT number, id FROM unnest($1, $2) AS demo (number, name) JOIN users ON normalized_user_name = upper(name)
            """,
            cancellationToken,
            numbers, names);
        await connection.ExecuteAsync("ANALYZE demo_movies, demo_users", cancellationToken);
    }

    public Task<long> AddRatingsAsync(IReadOnlyList<DemoRating> ratings, CancellationToken cancellationToken) => InsertAsync(
        "ratings",
        """
        INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
        SELECT user_id, movie_id, value, at, at
        FROM unnest($1, $2, $3, $4) AS demo (number, movie, at, value) JOIN demo_users USING (number) JOIN demo_movies USING (movie)
        ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
        """,
        ratings,
        cancellationToken,
        ratings.Select(rating => rating.Value).ToArray());

    public async Task<long> AddReviewsAsync(IReadOnlyList<DemoReview> reviews, CancellationToken cancellationToken)
    {
        var added = await InsertAsync(
            "reviews",
            """
            INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers, created_at, updated_at)
            SELECT user_id, movie_id, title, body, spoilers, at, at
            FROM unnest($1, $2, $3, $4, $5, $6) AS demo (number, movie, at, title, body, spoilers)
            JOIN demo_users USING (number) JOIN demo_movies USING (movie)
            ORDER BY at, movie, number ON CONFLICT DO NOTHING
            """,
            [.. reviews.Select(review => review.Rating)],
            cancellationToken,
            reviews.Select(review => review.Title).ToArray(), reviews.Select(review => review.Body).ToArray(),
            reviews.Select(review => review.ContainsSpoilers).ToArray());
        await AddHelpfulVotesAsync(
            [.. reviews.SelectMany(review => review.HelpfulTo.Select(voter => (review.Rating, voter)))], cancellationToken);
        return added;
    }

    public Task AddFavoritesAsync(IReadOnlyList<DemoRating> ratings, CancellationToken cancellationToken) => InsertAsync(
        "favorites",
        """
        INSERT INTO favorites (user_id, movie_id, created_at)
        SELECT user_id, movie_id, at
        FROM unnest($1, $2, $3) AS demo (number, movie, at) JOIN demo_users USING (number) JOIN demo_movies USING (movie)
        ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
        """,
        ratings,
        cancellationToken);

    /// <summary>Makes the aggregates exact again. Call it after everything is added.</summary>
    public Task CountAsync(CancellationToken cancellationToken) => _counts.CountAsync(cancellationToken);

    private Task<long> AddHelpfulVotesAsync(IReadOnlyList<(DemoRating Review, int Voter)> votes, CancellationToken cancellationToken) =>
        InsertAsync(
        "review_votes",
        """
        INSERT INTO review_votes (review_id, user_id, created_at)
        SELECT reviews.id, voters.user_id, at + interval '1 day'
        FROM unnest($1, $2, $3, $4) AS demo (number, movie, at, voter)
        JOIN demo_users AS authors USING (number) JOIN demo_movies USING (movie) JOIN demo_users AS voters ON voters.number = voter
        JOIN reviews ON reviews.user_id = authors.user_id AND reviews.movie_id = demo_movies.movie_id
        ORDER BY reviews.id, voters.user_id ON CONFLICT DO NOTHING
        """,
        [.. votes.Select(vote => vote.Review)],
        cancellationToken,
        votes.Select(vote => vote.Voter).ToArray());

    /// <summary>The statement's first parameters are user, movie and time of the ratings; <paramref name="columns"/> follow.</summary>
    private Task<long> InsertAsync(
        string table, string sql, IReadOnlyList<DemoRating> ratings, CancellationToken cancellationToken, params object[] columns)
    {
        object[] parameters =
        [
            ratings.Select(rating => rating.User).ToArray(),
            ratings.Select(rating => rating.Movie).ToArray(),
            ratings.Select(rating => rating.At).ToArray(),
            .. columns,
        ];
        var insert = new BulkInsert(connection, table, token => connection.ExecuteAsync(sql, token, parameters)) { Counts = _counts };
        return insert.RunAsync(ratings.Count, cancellationToken);
    }
}
