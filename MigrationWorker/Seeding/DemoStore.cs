using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Puts the invented people and what they did into the database. Rows go through a temporary table, so that those which exist are left alone.</summary>
internal sealed class DemoStore(NpgsqlConnection connection)
{
    // Where the stages below find the ids: by the order of the fixture and by the people's numbers.
    private const string Keys = """
        CREATE TEMP TABLE demo_films ON COMMIT DROP AS
            SELECT ordinal AS film, movies.id AS movie_id FROM incoming_films JOIN movies USING (title, release_date);
        CREATE TEMP TABLE demo_people (person integer PRIMARY KEY, user_id bigint) ON COMMIT DROP;
        """;

    private const string AddPerson = """
        WITH added AS (
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, security_stamp, concurrency_stamp, created_at,
                email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ($2, $3, upper($3), $3, upper($3), md5($3), md5($3), '2023-12-01+00'::timestamptz + $1 * interval '7 hours', false, false, false, true, 0)
            ON CONFLICT (normalized_user_name) DO NOTHING RETURNING id)
        INSERT INTO demo_people SELECT $1, id FROM added UNION SELECT $1, id FROM users WHERE normalized_user_name = upper($3)
        """;

    public async Task AddPeopleAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(Keys, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var person in DemoPerson.All)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(AddPerson)
            {
                Parameters = { new() { Value = person.Number }, new() { Value = person.DisplayName }, new() { Value = person.UserName } },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> AddRatingsAsync(IEnumerable<DemoRating> ratings, CancellationToken cancellationToken)
    {
        await ExecuteAsync("CREATE TEMP TABLE demo_ratings (person integer, film integer, value smallint, at timestamptz) ON COMMIT DROP", cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync("COPY demo_ratings FROM STDIN (FORMAT binary)", cancellationToken))
        {
            foreach (var rating in ratings)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(rating.Person, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(rating.Film, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(rating.Value, NpgsqlDbType.Smallint, cancellationToken);
                await copy.WriteAsync(rating.At, NpgsqlDbType.TimestampTz, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        return await ExecuteAsync(
            """
            INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
            SELECT user_id, movie_id, value, at, at FROM demo_ratings JOIN demo_people USING (person) JOIN demo_films USING (film)
            ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
            """,
            cancellationToken);
    }

    public async Task<int> AddReviewsAsync(IEnumerable<DemoReview> reviews, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            "CREATE TEMP TABLE demo_reviews (ordinal integer, person integer, film integer, title text, body text, spoilers boolean, at timestamptz, voters integer[]) ON COMMIT DROP",
            cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync("COPY demo_reviews FROM STDIN (FORMAT binary)", cancellationToken))
        {
            var ordinal = 0;
            foreach (var review in reviews)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(ordinal++, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(review.Rating.Person, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(review.Rating.Film, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(review.Title, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(review.Body, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(review.ContainsSpoilers, NpgsqlDbType.Boolean, cancellationToken);
                await copy.WriteAsync(review.Rating.At, NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(review.Voters.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        var added = await ExecuteAsync(
            """
            INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers, created_at, updated_at)
            SELECT user_id, movie_id, title, body, spoilers, at, at FROM demo_reviews JOIN demo_people USING (person) JOIN demo_films USING (film)
            ORDER BY ordinal ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        await ExecuteAsync(
            """
            INSERT INTO review_votes (review_id, user_id, created_at)
            SELECT reviews.id, voter.user_id, demo_reviews.at + interval '1 day'
            FROM demo_reviews JOIN demo_people AS author USING (person) JOIN demo_films USING (film)
            JOIN reviews ON reviews.user_id = author.user_id AND reviews.movie_id = demo_films.movie_id
            CROSS JOIN unnest(voters) AS number JOIN demo_people AS voter ON voter.person = number
            ORDER BY reviews.id, voter.user_id ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        return added;
    }

    public async Task AddFavoritesAsync(IEnumerable<DemoRating> ratings, CancellationToken cancellationToken)
    {
        var favorites = ratings.ToList();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO favorites (user_id, movie_id, created_at)
            SELECT user_id, movie_id, at FROM unnest($1, $2, $3) AS favorite (person, film, at) JOIN demo_people USING (person) JOIN demo_films USING (film)
            ORDER BY user_id, movie_id ON CONFLICT DO NOTHING
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = favorites.Select(rating => rating.Person).ToArray() },
                new() { Value = favorites.Select(rating => rating.Film).ToArray() },
                new() { Value = favorites.Select(rating => rating.At).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
