using MovieAspire.Testing;

namespace MovieAspire.Data.Tests;

/// <summary>
/// Each index can serve the query that docs/database.md names for it, in order and without a sort. Other plans are turned off, since
/// a small table is always scanned. The plans of the API's movie lists and searches are tested in Api.Tests.
/// </summary>
public sealed class IndexTests(MovieDatabase database) : IClassFixture<MovieDatabase>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO movies (title, release_date)
            SELECT 'Movie ' || md5(n::text), '1950-01-01'::date + n FROM generate_series(1, 3000) AS n ON CONFLICT DO NOTHING
            """);

        // Also merges what was just inserted into the GIN indexes, whose cost it would otherwise raise.
        await database.ExecuteAsync("VACUUM ANALYZE movies");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(
        "ix_movies_updated_at_id",
        "SELECT id FROM movies WHERE updated_at >= now() - interval '1 day' ORDER BY updated_at, id LIMIT 20")]
    [InlineData("ix_movies_title_release_date", "SELECT id FROM movies WHERE title = 'Heat' AND release_date = '1995-12-15'")]
    [InlineData("ix_movie_stats_average_rating", "SELECT movie_id FROM movie_stats WHERE average_rating >= 9")]
    [InlineData("ix_movie_genres_genre_id_movie_id", "SELECT movie_id FROM movie_genres WHERE genre_id = 3")]
    [InlineData(
        "ix_cache_evictions_transaction_id",
        "SELECT movie_id FROM cache_evictions WHERE transaction_id >= '5' "
        + "OR transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip(pg_current_snapshot())))")]
    [InlineData("ix_genres_name", "SELECT id FROM genres WHERE name = 'drama'")]
    [InlineData(
        "ix_ratings_movie_id_value_user_id",
        "SELECT user_id FROM ratings WHERE movie_id = 3 AND value >= 8 ORDER BY value DESC, user_id DESC LIMIT 500")]
    [InlineData("ix_ratings_user_id_movie_id_high", "SELECT movie_id FROM ratings WHERE user_id = 3 AND value >= 8")]
    [InlineData(
        "ix_ratings_user_id_created_at_movie_id",
        "SELECT movie_id FROM ratings WHERE user_id = 3 ORDER BY created_at DESC, movie_id DESC LIMIT 20")]
    [InlineData(
        "ix_favorites_user_id_created_at_movie_id",
        "SELECT movie_id FROM favorites WHERE user_id = 3 ORDER BY created_at DESC, movie_id DESC LIMIT 20")]
    [InlineData("ix_favorites_movie_id", "DELETE FROM favorites WHERE movie_id = 3")]
    [InlineData(
        "ix_reviews_movie_id_created_at_id",
        "SELECT id FROM reviews WHERE movie_id = 3 ORDER BY created_at DESC, id DESC LIMIT 20")]
    [InlineData(
        "ix_reviews_movie_id_helpful_count_id",
        "SELECT id FROM reviews WHERE movie_id = 3 ORDER BY helpful_count DESC, id DESC LIMIT 20")]
    [InlineData("ix_reviews_user_id_created_at_id", "SELECT id FROM reviews WHERE user_id = 3 ORDER BY created_at DESC, id DESC LIMIT 20")]
    [InlineData("ix_reviews_user_id_movie_id", "SELECT id FROM reviews WHERE user_id = 3 AND movie_id = 5")]
    [InlineData("ix_review_votes_user_id", "DELETE FROM review_votes WHERE user_id = 3")]
    [InlineData("ix_idempotency_keys_user_id_key", "SELECT id FROM idempotency_keys WHERE user_id = 3 AND key = 'k'")]
    [InlineData("ix_idempotency_keys_created_at", "DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'")]
    public async Task Index_serves_its_query(string index, string query)
    {
        var plan = await PlanAsync(query);
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Sort\"", plan, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string query)
    {
        await using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("SET enable_seqscan = off; SET enable_sort = off");
        return (await connection.ScalarAsync<string>($"EXPLAIN (FORMAT json) {query}"))!;
    }
}
