using MovieAspire.Testing;

namespace MovieAspire.Data.Tests;

/// <summary>cache_evictions, from which replicas of the API learn which of the responses that they keep are old.</summary>
public sealed class CacheEvictionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private long _movie;
    private long _user;
    private long _review;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.AtSchemaAsync();
        _movie = await ScalarAsync<long>("INSERT INTO movies (title, release_date) VALUES ('Known', '2000-01-01') RETURNING id");
        _user = await Rows.AddUserAsync(_database.ConnectionString);
        _review = await ScalarAsync<long>(
            "INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers) VALUES ($1, $2, 'Title', 'Body', false) RETURNING id",
            _user,
            _movie);
        await ExecuteAsync("DELETE FROM cache_evictions");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("UPDATE movies SET director = 'Somebody' WHERE id = @movie")]
    [InlineData("DELETE FROM movies WHERE id = @movie")]
    [InlineData("INSERT INTO ratings (user_id, movie_id, value) VALUES (@user, @movie, 7)")]
    [InlineData("INSERT INTO favorites (user_id, movie_id) VALUES (@user, @movie)")]
    [InlineData("UPDATE reviews SET body = 'Better' WHERE id = @review")]
    [InlineData("DELETE FROM reviews WHERE id = @review")]
    [InlineData("DELETE FROM users WHERE id = @user")]
    public async Task Change_of_a_movie_evicts_it_and_no_other(string change)
    {
        await ChangeAsync(change);
        Assert.Equal($"{_movie}", await EvictedAsync());
    }

    [Theory]
    [InlineData("INSERT INTO genres (name) VALUES ('Of no movie')")]
    [InlineData("UPDATE users SET display_name = 'Another' WHERE id = @user")]
    [InlineData("TRUNCATE movies CASCADE")]
    [InlineData("INSERT INTO movies (title, release_date) SELECT 'Many ' || n, '2000-01-01' FROM generate_series(1, 101) n")]
    public async Task Change_of_what_many_movies_show_evicts_all(string change)
    {
        await ChangeAsync(change);
        Assert.Contains("all", await EvictedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE users SET access_failed_count = 1 WHERE id = @user")]
    [InlineData("UPDATE movies SET director = 'Nobody' WHERE id < 0")]
    [InlineData("DELETE FROM ratings WHERE movie_id = @movie")]
    public async Task What_nobody_can_read_evicts_nothing(string change)
    {
        await ChangeAsync(change);
        Assert.Null(await EvictedAsync());
    }

    [Fact]
    public async Task Genre_of_a_movie_evicts_it()
    {
        await ExecuteAsync("INSERT INTO genres (name) VALUES ('New')");
        await ExecuteAsync("DELETE FROM cache_evictions");
        await ExecuteAsync("INSERT INTO movie_genres (movie_id, genre_id) SELECT $1, id FROM genres", _movie);
        Assert.Equal($"{_movie}", await EvictedAsync());
    }

    private Task ChangeAsync(string sql) => ExecuteAsync(sql
        .Replace("@movie", $"{_movie}", StringComparison.Ordinal)
        .Replace("@user", $"{_user}", StringComparison.Ordinal)
        .Replace("@review", $"{_review}", StringComparison.Ordinal));

    /// <summary>The ids of the movies, separated by commas; <c>all</c> stands for all.</summary>
    private Task<string?> EvictedAsync() =>
        ScalarAsync<string>("SELECT string_agg(DISTINCT coalesce(movie_id::text, 'all'), ',') FROM cache_evictions");

    private Task ExecuteAsync(string sql, params object[] parameters) => Sql.ExecuteAsync(_database.ConnectionString, sql, parameters);

    private Task<T?> ScalarAsync<T>(string sql, params object[] parameters) => Sql.ScalarAsync<T>(_database.ConnectionString, sql, parameters);
}
