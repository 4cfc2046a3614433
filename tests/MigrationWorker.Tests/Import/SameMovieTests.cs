using MovieAspire.MigrationWorker.Tests.Fixtures;

namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>A movie is its title and release date, and 1 January stands for a day of the year that is not known.</summary>
public sealed class SameMovieTests : IAsyncLifetime
{
    private const string Exact = """
        "movies": [
        {"title":"Toy Story","release_date":"1995-11-22"}
        ],
        "users": [
        {"normalized_user_name":"ANN","user_name":"ann","display_name":"Ann"}
        ],
        "ratings": [
        {"user":"ANN","movie":"Toy Story","release_date":"1995-11-22","value":9}
        ]
        """;

    private static readonly (string Source, string Text)[] Rated = [("load", "ann 9"), ("movielens", "movielens-1 8")];

    private DataSetFolder _set = null!;

    public async Task InitializeAsync()
    {
        _set = await DataSetFolder.CreateAsync();
        _set.Write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Adventure\n2,Heat (1995),Crime\n");
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
    }

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Theory]
    [InlineData("movielens", "load")]
    [InlineData("load", "movielens")]
    [InlineData("movielens", "load", "movielens", "load")]
    [InlineData("movielens", "tmdb")]
    [InlineData("tmdb", "movielens")]
    [InlineData("imdb", "load", "tmdb", "movielens")]
    [InlineData("tmdb", "imdb", "load", "movielens")]
    public async Task Movie_comes_once_whatever_the_order_of_its_sources(params string[] sources)
    {
        foreach (var source in sources)
        {
            await BringAsync(source);
        }

        Assert.Equal("Toy Story 1995-11-22", await MoviesAsync("WHERE title = 'Toy Story'"));
        Assert.Equal(
            string.Join(", ", Rated.Where(rating => sources.Contains(rating.Source)).Select(rating => rating.Text)),
            await _set.Database.ScalarAsync<string>(
                """
                SELECT coalesce(string_agg(user_name || ' ' || value, ', ' ORDER BY user_name), '')
                FROM ratings JOIN users ON users.id = user_id JOIN movies ON movies.id = movie_id WHERE title = 'Toy Story'
                """));
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Seed_after_an_import_finds_its_movies_and_their_days()
    {
        await BringAsync("movielens");
        var result = await Worker.RunAsync(_set.Database.ConnectionString, "seed", "--profile", "movies");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Toy Story 1995-11-22", await MoviesAsync("WHERE title = 'Toy Story'"));
        Assert.Equal(0, await _set.Database.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT FROM movies GROUP BY title, date_part('year', release_date) HAVING count(*) > 1) AS pairs"));
    }

    [Fact]
    public async Task Days_that_are_known_tell_movies_of_one_title_and_year_apart()
    {
        _set.Write("tmdb.csv", "title,release_date\nEmma,1996-08-02\nEmma,1996-11-24\n");
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Emma', '1996-01-01'), ('Ran', '1985-06-01')");
        var result = await Worker.RunAsync(_set.Database.ConnectionString, "import", _set.In("tmdb.csv"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Emma 1996-08-02, Emma 1996-11-24, Ran 1985-06-01", await MoviesAsync());

        Assert.Empty(await _set.Database.LoadAsync(FixtureDatabase.Document("""
            "movies": [
            {"title":"Emma","release_date":"1996-01-01"}, {"title":"Emma","release_date":"1996-03-03"},
            {"title":"Ran","release_date":"1985-01-01"}
            ]
            """)));
        Assert.Equal("Emma 1996-01-01, Emma 1996-03-03, Emma 1996-08-02, Emma 1996-11-24, Ran 1985-06-01", await MoviesAsync());
    }

    [Fact]
    public async Task Dump_of_a_placeholder_beside_a_day_loads_as_it_was()
    {
        await _set.Database.ExecuteAsync(
            "INSERT INTO movies (title, release_date) VALUES ('Emma', '1996-01-01'), ('Emma', '1996-08-02')");
        var document = await _set.Database.DumpAsync();
        await using var other = await FixtureDatabase.CreateAsync();
        Assert.Empty(await other.LoadAsync(document));
        Assert.Equal(document, await other.DumpAsync());
    }

    [Fact]
    public async Task Two_movies_of_one_title_and_year_are_told_by_line_and_their_ratings_are_not_added_up()
    {
        _set.Write("movies.csv", "movieId,title,genres\n838,Emma (1996),Comedy\n26958,Emma (1996),Romance\n");
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,838,4.0,1260759144\n2,26958,1.0,1260759144\n");
        Assert.Equal(
            [
                "movies.csv, line 3: the movie on line 2 has the same title and year",
                "ratings.csv, line 3: there is no movie 26958 in movies.csv, or it was rejected",
            ],
            await _set.ImportMovieLensAsync());
        Assert.Equal("8 1", await _set.Database.ScalarAsync<string>("SELECT concat_ws(' ', sum(value), count(*)) FROM ratings"));
    }

    [Fact]
    public async Task Repeated_ratings_are_taken_out_before_the_insert()
    {
        const int Users = 3_000;
        _set.Write("movies.csv", "movieId,title,genres\n838,Emma (1996),Comedy\n26958,Emma (1996),Romance\n");
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n" + string.Concat(
            Enumerable.Range(1, Users).Select(user => $"{user},838,4.0,1260759144\n{user},26958,1.0,1260759144\n"))
            + "1,838,5.0,1260759144\n");
        var rejected = await _set.ImportMovieLensAsync();
        Assert.Contains($"ratings.csv, line {2 * Users + 2}: the same user rated the same movie on line 2", rejected);
        Assert.Equal(Users + 2, rejected.Length);

        // Rows that were rolled back count, too.
        const string Inserted = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'ratings'";
        await Testing.Eventually.HoldsAsync(async () => await _set.Database.ScalarAsync<long>(Inserted) > 0, "the server has counted");
        Assert.Equal(Users, await _set.Database.ScalarAsync<long>(Inserted));
    }

    private async Task BringAsync(string source)
    {
        if (source == "load")
        {
            Assert.Empty(await _set.Database.LoadAsync(FixtureDatabase.Document(Exact)));
            return;
        }

        _set.Write("tmdb.csv", "id,title,release_date,runtime\n862,Toy Story,1995-11-22,81\n");
        _set.Write(
            "title.basics.tsv",
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
            + "tt0114709\tmovie\tToy Story\tToy Story\t0\t1995\t\\N\t81\tComedy\n");
        _set.Write("title.ratings.tsv", "tconst\taverageRating\tnumVotes\ntt0114709\t8.3\t1000000\n");
        var result = await Worker.RunAsync(
            _set.Database.ConnectionString, "import", source, source == "tmdb" ? _set.In("tmdb.csv") : _set.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private Task<string?> MoviesAsync(string where = "") => _set.Database.ScalarAsync<string>(
        $"SELECT string_agg(concat_ws(' ', title, release_date), ', ' ORDER BY title, release_date) FROM movies {where}");
}
