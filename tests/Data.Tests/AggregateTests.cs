using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Data.Tests;

public sealed class AggregateTests(MovieDatabase database) : IClassFixture<MovieDatabase>
{
    private const string Rate =
        """
        INSERT INTO ratings (user_id, movie_id, value) VALUES ($1, $2, $3)
        ON CONFLICT (user_id, movie_id) DO UPDATE SET value = excluded.value
        """;

    [Fact]
    public async Task New_movie_has_counts_of_zero()
    {
        var movie = await database.AddMovieAsync();
        Assert.Equal("{0,0,0,0,0,0,0,0,0,0} 0 0  6 0 0", await StatsAsync(movie));
    }

    [Fact]
    public async Task Rating_twice_keeps_one_rating()
    {
        var (movie, user) = (await database.AddMovieAsync(), await database.AddUserAsync());
        await database.ExecuteAsync(Rate, user, movie, (short)3);
        await database.ExecuteAsync(Rate, user, movie, (short)9);
        Assert.Equal("{0,0,0,0,0,0,0,0,1,0} 1 9 9.00 6.142857142857143 0 0", await StatsAsync(movie));
    }

    [Fact]
    public async Task Deleted_rating_no_longer_counts()
    {
        var (movie, user) = (await database.AddMovieAsync(), await database.AddUserAsync());
        await database.ExecuteAsync(Rate, user, movie, (short)3);
        await database.ExecuteAsync("DELETE FROM ratings WHERE user_id = $1", user);
        Assert.Equal("{0,0,0,0,0,0,0,0,0,0} 0 0  6 0 0", await StatsAsync(movie));
    }

    [Fact]
    public async Task Rating_or_review_that_moves_to_another_movie_counts_there()
    {
        var (from, to, user) = (await database.AddMovieAsync(), await database.AddMovieAsync(), await database.AddUserAsync());
        await database.ExecuteAsync(Rate, user, from, (short)10);
        await database.AddReviewAsync(from, user);
        await database.ExecuteAsync("INSERT INTO favorites (user_id, movie_id) VALUES ($1, $2)", user, from);
        foreach (var table in new[] { "ratings", "reviews", "favorites" })
        {
            await database.ExecuteAsync($"UPDATE {table} SET movie_id = $1 WHERE user_id = $2", to, user);
        }

        Assert.Equal("{0,0,0,0,0,0,0,0,0,0} 0 0  6 0 0", await StatsAsync(from));
        Assert.Equal("{0,0,0,0,0,0,0,0,0,1} 1 10 10.00 6.190476190476191 1 1", await StatsAsync(to));
    }

    [Fact]
    public async Task Ratings_copied_in_bulk_count_too()
    {
        var (movie, other, user) = (await database.AddMovieAsync(), await database.AddMovieAsync(), await database.AddUserAsync());
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using (var copy = await connection.BeginTextImportAsync("COPY ratings (user_id, movie_id, value) FROM STDIN"))
        {
            await copy.WriteAsync($"{user}\t{movie}\t7\n{user}\t{other}\t8\n");
        }

        Assert.StartsWith("{0,0,0,0,0,0,1,0,0,0} 1 7 ", await StatsAsync(movie), StringComparison.Ordinal);
        Assert.StartsWith("{0,0,0,0,0,0,0,1,0,0} 1 8 ", await StatsAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_user_removes_what_the_user_gave_and_no_more()
    {
        var (movie, leaving, staying) = (await database.AddMovieAsync(), await database.AddUserAsync(), await database.AddUserAsync());
        foreach (var user in new[] { leaving, staying })
        {
            await database.ExecuteAsync(Rate, user, movie, (short)5);
            await database.ExecuteAsync("INSERT INTO favorites (user_id, movie_id) VALUES ($1, $2)", user, movie);
        }

        var (gone, kept) = (await database.AddReviewAsync(movie, leaving), await database.AddReviewAsync(movie, staying));
        await database.ExecuteAsync(
            "INSERT INTO review_votes (review_id, user_id) VALUES ($1, $3), ($2, $4)", gone, kept, staying, leaving);
        Assert.Equal(1, await database.ScalarAsync<int>("SELECT helpful_count FROM reviews WHERE id = $1", kept));

        await database.ExecuteAsync("DELETE FROM users WHERE id = $1", leaving);

        Assert.StartsWith("{0,0,0,0,1,0,0,0,0,0} 1 5 ", await StatsAsync(movie), StringComparison.Ordinal);
        Assert.EndsWith(" 1 1", await StatsAsync(movie), StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<int>("SELECT helpful_count FROM reviews WHERE id = $1", kept));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Movie_with_ratings_reviews_and_favorites_can_be_deleted()
    {
        var (movie, user, other) = (await database.AddMovieAsync(), await database.AddUserAsync(), await database.AddUserAsync());
        await database.ExecuteAsync(Rate, user, movie, (short)5);
        await database.ExecuteAsync("INSERT INTO favorites (user_id, movie_id) VALUES ($1, $2)", user, movie);
        var review = await database.AddReviewAsync(movie, user);
        await database.ExecuteAsync("INSERT INTO review_votes (review_id, user_id) VALUES ($1, $2)", review, other);
        await database.ExecuteAsync("DELETE FROM movies WHERE id = $1", movie);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM movie_stats WHERE movie_id = $1", movie));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM ratings WHERE movie_id = $1", movie));
    }

    [Theory]
    [InlineData("UPDATE movie_stats SET rating_histogram[5] = rating_histogram[5] + 1 WHERE movie_id = $1", "movie_stats.rating_histogram")]
    [InlineData("UPDATE movie_stats SET review_count = review_count + 1 WHERE movie_id = $1", "movie_stats.review_count")]
    [InlineData("UPDATE movie_stats SET favorite_count = favorite_count + 1 WHERE movie_id = $1", "movie_stats.favorite_count")]
    [InlineData("UPDATE reviews SET helpful_count = helpful_count + 1 WHERE movie_id = $1", "reviews.helpful_count")]
    [InlineData("DELETE FROM movie_stats WHERE movie_id = $1", "movie_stats.rating_histogram")]
    public async Task Wrong_aggregates_are_listed_by_name(string falsify, string aggregate)
    {
        await using var own = await TestDatabase.AtSchemaAsync();
        var connection = own.ConnectionString;
        var movie = await Rows.AddMovieAsync(connection);
        await Rows.AddReviewAsync(connection, movie, await Rows.AddUserAsync(connection));
        Assert.Null(await Sql.ScalarAsync<string>(connection, "SELECT aggregate FROM wrong_aggregates()"));
        await Sql.ExecuteAsync(connection, falsify, movie);
        Assert.Equal(aggregate, await Sql.ScalarAsync<string>(connection, "SELECT aggregate FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Truncating_resets_the_counts()
    {
        await using var own = await TestDatabase.AtSchemaAsync();
        var connection = own.ConnectionString;
        var movie = await Rows.AddMovieAsync(connection);
        var (user, other) = (await Rows.AddUserAsync(connection), await Rows.AddUserAsync(connection));
        await Sql.ExecuteAsync(connection, Rate, user, movie, (short)5);
        await Sql.ExecuteAsync(connection, "INSERT INTO favorites (user_id, movie_id) VALUES ($1, $2)", user, movie);
        var review = await Rows.AddReviewAsync(connection, movie, user);
        await Sql.ExecuteAsync(connection, "INSERT INTO review_votes (review_id, user_id) VALUES ($1, $2)", review, other);
        foreach (var table in new[] { "review_votes", "ratings", "favorites", "reviews CASCADE" })
        {
            await Sql.ExecuteAsync(connection, $"TRUNCATE {table}");
            Assert.Null(await Sql.ScalarAsync<string>(connection, "SELECT aggregate FROM wrong_aggregates()"));
        }
    }

    private async Task<string?> StatsAsync(long movie) => await database.ScalarAsync<string>(
        """
        SELECT concat_ws(' ', rating_histogram, rating_count, rating_sum, coalesce(average_rating::text, ''), score,
            review_count, favorite_count)
        FROM movie_stats WHERE movie_id = $1
        """,
        movie);
}
