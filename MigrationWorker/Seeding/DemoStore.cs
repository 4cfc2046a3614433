using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Puts the invented people and what they did into the database, leaving alone what is there. Needs the transaction in which
/// <see cref="MovieImporter"/> staged the films. Columns travel as arrays: one parameter each, however many rows.
/// </summary>
internal sealed class DemoStore(NpgsqlConnection connection)
{
    // Where the statements below find the ids: by the order of the fixture and by the people's numbers.
    private const string Keys = """
        CREATE TEMP TABLE demo_films ON COMMIT DROP AS
            SELECT ordinal AS film, movies.id AS movie_id FROM incoming_films JOIN movies USING (title, release_date);
        CREATE TEMP TABLE demo_people (person integer PRIMARY KEY, user_id bigint) ON COMMIT DROP;
        """;

    public async Task AddPeopleAsync(CancellationToken cancellationToken)
    {
        var people = DemoUser.All;
        await connection.ExecuteAsync(Keys, cancellationToken);
        await ExecuteAsync(
            """
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, security_stamp, concurrency_stamp, created_at,
                email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            SELECT display, name, upper(name), name, upper(name), md5(name), md5(name), '2023-12-01+00'::timestamptz + person * interval '7 hours', false, false, false, true, 0
            FROM unnest($1, $2, $3) AS demo (person, display, name) ORDER BY person
            ON CONFLICT (normalized_user_name) DO NOTHING
            """,
            cancellationToken,
            people.Select(person => person.Number).ToArray(), people.Select(person => person.DisplayName).ToArray(), people.Select(person => person.UserName).ToArray());
        await ExecuteAsync(
            "INSERT INTO demo_people SELECT person, id FROM unnest($1, $2) AS demo (person, name) JOIN users ON normalized_user_name = upper(name)",
            cancellationToken,
            people.Select(person => person.Number).ToArray(), people.Select(person => person.UserName).ToArray());
        await connection.ExecuteAsync("ANALYZE demo_films, demo_people", cancellationToken);
    }

    public async Task<int> AddRatingsAsync(IReadOnlyList<DemoRating> ratings, CancellationToken cancellationToken)
    {
        // Checking a hundred thousand rows against two keys one by one takes most of the time of a first start.
        var isEmpty = await connection.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM ratings)", cancellationToken);
        var indexes = isEmpty ? await DeferredIndexes.TakeAwayAsync(connection, "ratings", cancellationToken) : null;
        var added = await ExecuteAsync(
            """
            INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
            SELECT user_id, movie_id, value, at, at
            FROM unnest($1, $2, $3, $4) AS demo (person, film, value, at) JOIN demo_people USING (person) JOIN demo_films USING (film)
            ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            [.. Columns(ratings), ratings.Select(rating => rating.Value).ToArray(), ratings.Select(rating => rating.At).ToArray()]);
        await (indexes?.PutBackAsync(connection, cancellationToken) ?? Task.CompletedTask);
        return added;
    }

    public async Task<int> AddReviewsAsync(IReadOnlyList<DemoReview> reviews, CancellationToken cancellationToken)
    {
        var added = await ExecuteAsync(
            """
            INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers, created_at, updated_at)
            SELECT user_id, movie_id, title, body, spoilers, at, at
            FROM unnest($1, $2, $3, $4, $5, $6) AS demo (person, film, title, body, spoilers, at) JOIN demo_people USING (person) JOIN demo_films USING (film)
            ORDER BY film, person ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            [
                .. Columns(reviews.Select(review => review.Rating)), reviews.Select(review => review.Title).ToArray(), reviews.Select(review => review.Body).ToArray(),
                reviews.Select(review => review.ContainsSpoilers).ToArray(), reviews.Select(review => review.Rating.At).ToArray(),
            ]);
        await AddVotesAsync([.. reviews.SelectMany(review => review.Voters.Select(voter => (review.Rating, voter)))], cancellationToken);
        return added;
    }

    public Task AddFavoritesAsync(IReadOnlyList<DemoRating> ratings, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO favorites (user_id, movie_id, created_at)
        SELECT user_id, movie_id, at FROM unnest($1, $2, $3) AS demo (person, film, at) JOIN demo_people USING (person) JOIN demo_films USING (film)
        ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
        """,
        cancellationToken,
        [.. Columns(ratings), ratings.Select(rating => rating.At).ToArray()]);

    private Task<int> AddVotesAsync(IReadOnlyList<(DemoRating Rating, int Voter)> votes, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO review_votes (review_id, user_id, created_at)
        SELECT reviews.id, voters.user_id, at + interval '1 day'
        FROM unnest($1, $2, $3, $4) AS demo (person, film, voter, at)
        JOIN demo_people AS authors USING (person) JOIN demo_films USING (film) JOIN demo_people AS voters ON voters.person = voter
        JOIN reviews ON reviews.user_id = authors.user_id AND reviews.movie_id = demo_films.movie_id
        ORDER BY reviews.id, voters.user_id ON CONFLICT DO NOTHING
        """,
        cancellationToken,
        [.. Columns(votes.Select(vote => vote.Rating)), votes.Select(vote => vote.Voter).ToArray(), votes.Select(vote => vote.Rating.At).ToArray()]);

    private static object[] Columns(IEnumerable<DemoRating> ratings) =>
        [ratings.Select(rating => rating.Person).ToArray(), ratings.Select(rating => rating.Film).ToArray()];

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] columns)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var column in columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = column });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
