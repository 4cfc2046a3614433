using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Seeding;

public sealed class SeedTests(SeedTests.Seeded seeded) : IClassFixture<SeedTests.Seeded>
{
    private readonly TestDatabase _database = seeded.Database;

    [Fact]
    public async Task Seed_is_the_same_everywhere()
    {
        await using var other = await TestDatabase.CreateAsync();
        await Worker.RunAsync(other.ConnectionString);
        Assert.Equal(await SeededData.HashAsync(_database.ConnectionString), await SeededData.HashAsync(other.ConnectionString));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM movies", 3100, 3201)]
    [InlineData("SELECT count(*) FROM ratings", 90_000, 110_000)]
    [InlineData("SELECT count(*) FROM reviews", 3000, 8000)]
    [InlineData("SELECT count(*) FROM favorites", 1000, 5000)]
    [InlineData("SELECT count(*) FROM users", 24, 96)]
    public async Task Seed_has_enough_of_everything(string sql, long least, long most) =>
        Assert.InRange(await Sql.ScalarAsync<long>(_database.ConnectionString, sql), least, most);

    /// <summary>The function gives the number of pages that were waiting.</summary>
    [Theory]
    [InlineData("ix_movies_search_vector")]
    [InlineData("ix_movies_sort_title_trigrams")]
    public async Task Nothing_waits_to_be_merged_into_the_indexes_of_the_search(string index) =>
        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, $"SELECT gin_clean_pending_list('{index}')"));

    [Fact]
    public async Task Planner_knows_the_tables_that_were_filled() =>
        Assert.Equal(0, await Sql.ScalarAsync<long>(
            _database.ConnectionString, "SELECT count(*) FROM pg_class WHERE relname IN ('movies', 'ratings', 'movie_stats') AND reltuples < 3000"));

    [Fact]
    public async Task Mean_rating_follows_the_known_score()
    {
        const string Furthest =
            "SELECT max(abs(average_rating - imdb_rating)) FROM movies JOIN movie_stats ON movie_id = id WHERE rating_count > 0";
        Assert.InRange(await Sql.ScalarAsync<decimal>(_database.ConnectionString, Furthest), 0m, 0.5m);
        const string Unrated =
            "SELECT count(*) FROM movies JOIN movie_stats ON movie_id = id WHERE (rating_count = 0) <> (imdb_rating IS NULL)";
        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, Unrated));
    }

    [Fact]
    public async Task Generated_text_says_so_and_invented_users_cannot_log_in()
    {
        Assert.Equal(
            0, await Sql.ScalarAsync<long>(
                _database.ConnectionString, "SELECT count(*) FROM reviews WHERE body NOT LIKE '%Generated for the demonstration%'"));
        Assert.Equal(
            0, await Sql.ScalarAsync<long>(
                _database.ConnectionString, "SELECT count(*) FROM users WHERE password_hash IS NOT NULL OR email NOT LIKE '%.invalid'"));
    }

    [Fact]
    public async Task Genres_are_split_and_centuries_right()
    {
        Assert.Equal(
            0, await Sql.ScalarAsync<long>(
                _database.ConnectionString, "SELECT count(*) FROM genres WHERE name COLLATE \"C\" ~ '/|Comedy.+|.+Comedy'"));
        Assert.Equal(
            2011, await Sql.ScalarAsync<int>(
                _database.ConnectionString, "SELECT extract(year FROM max(release_date))::integer FROM movies"));
        Assert.Equal(
            "1939-12-15", await Sql.ScalarAsync<string>(
                _database.ConnectionString, "SELECT release_date::text FROM movies WHERE title = 'Gone with the Wind'"));
        Assert.Equal(
            "2005-08-05", await Sql.ScalarAsync<string>(
                _database.ConnectionString, "SELECT release_date::text FROM movies WHERE title = '2046'"));
    }

    /// <summary>A seeded database, which these tests only read.</summary>
    public sealed class Seeded : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync() => Database = await SeededDatabase.CreateAsync();

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }
}
