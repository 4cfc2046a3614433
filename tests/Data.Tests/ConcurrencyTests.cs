using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Data.Tests;

public sealed class ConcurrencyTests(MovieDatabase database) : IClassFixture<MovieDatabase>
{
    [Fact]
    public async Task Aggregates_are_exact_and_no_writer_deadlocks_when_many_write()
    {
        var movies = await ManyAsync(8, () => database.AddMovieAsync());
        var users = await ManyAsync(24, database.AddUserAsync);

        await Task.WhenAll(users.Select((user, seed) => WriteAsync(user, movies, new Random(seed))));

        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
        Assert.True(await database.ScalarAsync<long>("SELECT count(*) FROM ratings") > 0, "nobody rated, so nothing was tested");
    }

    /// <summary>One user's statements, on movies in a random order; every third user is deleted at the end.</summary>
    private async Task WriteAsync(long user, long[] movies, Random random)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Include Error Detail=true");
        await connection.OpenAsync();
        for (var i = 0; i < 60; i++)
        {
            var sql = random.Next(8) switch
            {
                0 => "INSERT INTO ratings SELECT $1, id, 1 + id % 10 FROM unnest($2[:1]) AS id" +
                    " ON CONFLICT (user_id, movie_id) DO UPDATE SET value = 1 + ratings.value % 10",
                1 => "INSERT INTO ratings SELECT $1, id, 1 + id % 10 FROM unnest($2) AS id ON CONFLICT DO NOTHING",
                2 => "UPDATE ratings SET value = 1 + value % 10 WHERE user_id = $1 AND movie_id = ANY($2)",
                3 => "DELETE FROM ratings WHERE user_id = $1 AND movie_id = ANY($2)",
                4 => "INSERT INTO favorites SELECT $1, id FROM unnest($2) AS id ON CONFLICT DO NOTHING",
                5 => "DELETE FROM favorites WHERE user_id = $1 AND movie_id = ANY($2)",
                6 => "INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers)" +
                    " SELECT $1, id, 't', 'b', false FROM unnest($2) AS id ON CONFLICT DO NOTHING",
                _ => "INSERT INTO review_votes SELECT id, $1 FROM reviews WHERE user_id <> $1 AND movie_id = ANY($2)" +
                    " ORDER BY id ON CONFLICT DO NOTHING",
            };
            await ExecuteAsync(connection, sql, user, movies.Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next()).ToArray());
        }

        if (user % 3 == 0)
        {
            await ExecuteAsync(connection, "DELETE FROM users WHERE id = $1 AND $2::bigint[] IS NOT NULL", user, movies);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, long user, long[] movies)
    {
        try
        {
            await connection.ExecuteAsync(sql, user, movies);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // The review to vote on has gone with its author since the statement began.
        }
    }

    private static async Task<long[]> ManyAsync(int count, Func<Task<long>> make)
    {
        var ids = new long[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = await make();
        }

        return ids;
    }
}
