using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>Values that the database would take, but nothing that works with it later.</summary>
public sealed class LoadedValueTests : IAsyncLifetime
{
    private FixtureDatabase _database = null!;

    public async Task InitializeAsync() => _database = await FixtureDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Value_that_would_do_harm_later_is_rejected()
    {
        var before = await _database.DumpAsync();
        await IsRejectedAsync(
            "movies",
            ("""{"title":"x","release_date":"1995-12-15","version":0}""", "version is not from 1 to 1000000000"),
            ("""{"title":"x","release_date":"1995-12-15","version":-5}""", "version is not from 1 to 1000000000"),
            ("""{"title":"x","release_date":"1995-12-15","version":2147483647}""", "version is not from 1 to 1000000000"),
            ("""{"title":"x","release_date":"1995-12-15","created_at":"infinity"}""", "created_at is infinite"),
            ("""{"title":"x","release_date":"1995-12-15","updated_at":"-infinity"}""", "updated_at is infinite"),
            ("""{"title":"x","release_date":"1995-12-15T00:00:00"}""", "\"release_date\": expected a day"),
            ("""{"title":"x","release_date":"1995-12-15","imdb_votes":2147483648}""",
             "\"imdb_votes\": expected a whole number from -2147483648 to 2147483647"),
            ("""{"title":"x","release_date":"1995-12-15","imdb_rating":1000000000000}""",
             "\"imdb_rating\": expected a number with at most four decimals"),
            ("""{"title":"x","release_date":"1995-12-15","imdb_rating":8.12345}""",
             "\"imdb_rating\": expected a number with at most four decimals"),
            ("""{"title":"Am\u200Bélie","release_date":"2001-01-01"}""", "control or format character (U+200B)"),
            ("""{"title":"Am\u202Eélie","release_date":"2001-01-01"}""", "control or format character (U+202E)"),
            ("""{"title":"Am\nélie","release_date":"2001-01-01"}""", "control or format character (U+000A)"),
            ("""{"title":"\u3164","release_date":"2001-01-01"}""", "nothing of it can be seen"));
        await IsRejectedAsync(
            "users",
            ("""{"normalized_user_name":"Z","user_name":"x","display_name":"x"}""", "is not user_name in upper case"),
            ("""{"normalized_user_name":"x","user_name":"x","display_name":"x"}""", "is not user_name in upper case"),
            ("""{"normalized_user_name":"X","user_name":"x","display_name":"x","email":"a@b.c","normalized_email":"X@B.C"}""",
             "normalized_email is not email in upper case"),
            ("""{"normalized_user_name":"X","user_name":"x","display_name":"x","normalized_email":"X@B.C"}""",
             "normalized_email is not email in upper case"),
            ("""{"normalized_user_name":"X","user_name":"x","display_name":"x","access_failed_count":-1}""",
             "access_failed_count is negative"),
            ("""{"normalized_user_name":"X","user_name":"x","display_name":"x","created_at":"infinity"}""", "created_at is infinite"));
        await IsRejectedAsync("roles", ("""{"normalized_name":"ADMIN","name":"reader"}""", "normalized_name is not name in upper case"));
        await IsRejectedAsync("applied_seeds", ("""{"profile":"x","checksum":"x","applied_at":"infinity"}""", "applied_at is infinite"));
        await IsRejectedAsync("genres", ("""{"name":"Dra\u200Bma"}""", "control or format character (U+200B)"));
        Assert.Equal(before, await _database.DumpAsync());
    }

    [Fact]
    public async Task User_whose_name_is_beyond_ASCII_or_who_is_locked_for_ever_loads()
    {
        Assert.Empty(await _database.LoadAsync(FixtureDatabase.Document("""
            "users": [
            {"normalized_user_name":"ÉLODIE","user_name":"élodie","display_name":"x","lockout_end":"infinity"},
            {"normalized_user_name":"JOS\u00C9","user_name":"jose\u0301","display_name":"x"}
            ]
            """)));
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task Titles_and_genres_that_look_the_same_are_one()
    {
        await _database.ExecuteAsync("""
            INSERT INTO movies (title, release_date) VALUES ('Am\u00E9lie', '2001-11-02');
            INSERT INTO genres (name) VALUES ('Com\u00E9die')
            """.Replace(@"\u00E9", "\u00E9", StringComparison.Ordinal));
        Assert.Empty(await _database.LoadAsync(FixtureDatabase.Document("""
            "genres": [{"name":" Come\u0301die"},{"name":" Drama"},{"name":"Crime "}],
            "movies": [{"title":"Ame\u0301lie ","release_date":"2001-11-02"}],
            "movie_genres": [{"movie":" Ame\u0301lie","release_date":"2001-11-02","genre":"Come\u0301die"}],
            "users": [{"normalized_user_name":"X","user_name":"x","display_name":"x"}],
            "ratings": [{"user":"X","movie":"Ame\u0301lie","release_date":"2001-11-02","value":9}]
            """)));
        Assert.Equal("Am\u00E9lie Com\u00E9die 9", await _database.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', title, name, value), ',')
            FROM movies m LEFT JOIN movie_genres l ON l.movie_id = m.id LEFT JOIN genres g ON g.id = l.genre_id
                LEFT JOIN ratings r ON r.movie_id = m.id
            """));
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM genres WHERE name IN ('Drama', 'Crime')"));
    }

    [Theory]
    [InlineData("""{"format": "movieaspire-fixture"}""")]
    [InlineData("x")]
    [InlineData("[]")]
    public async Task Second_document_in_the_file_is_refused(string more)
    {
        var document = FixtureDatabase.Document(""" "genres": [{"name":"Drama"}] """);
        var failure = await Assert.ThrowsAsync<UserErrorException>(() => _database.LoadAsync(document + "\n" + more));
        Assert.Contains("line 8: not valid JSON", failure.Message, StringComparison.Ordinal);
        var far = document + new string('\n', 9_000_000) + document;
        failure = await Assert.ThrowsAsync<UserErrorException>(() => _database.LoadAsync(far));
        Assert.Contains("not valid JSON", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM genres"));

        Assert.Empty(await _database.LoadAsync(document + new string('\n', 9_000_000)));
    }

    private async Task IsRejectedAsync(string table, params (string Record, string Reason)[] records) => LoadTests.AssertRejected(
        table, 6, records, await _database.LoadAsync(FixtureDatabase.DocumentOf(table, records), skipRejects: true));
}
