using MovieAspire.MigrationWorker.Cli;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

public sealed class LoadTests
{
    private const string Heat = """
        "movies": [
        {"title":"Heat","release_date":"1995-12-15","director":"Michael Mann"}
        ],
        """;

    private const string Users = """
        "users": [
        {"normalized_user_name":"ANN","user_name":"ann","display_name":"Ann","email":"a@b.org","normalized_email":"A@B.ORG"},
        {"normalized_user_name":"BOB","user_name":"bob","display_name":"Bob"}
        ]
        """;

    [Fact]
    public async Task Rows_that_are_there_stay_as_they_are_unless_told_otherwise()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync(
            "INSERT INTO movies (title, release_date, director, runtime_minutes) VALUES ('Heat', '1995-12-15', 'somebody', 170)");
        var document = FixtureDatabase.Document(Heat + Users);

        await database.LoadAsync(document);
        Assert.Equal("somebody 170 1", await DirectorAsync(database));

        await database.LoadAsync(document, overwrite: true);
        Assert.Equal("Michael Mann 2", await DirectorAsync(database));

        await database.LoadAsync(document, overwrite: true);
        Assert.Equal("Michael Mann 2", await DirectorAsync(database));
    }

    [Fact]
    public async Task New_genre_gives_a_new_version_to_a_movie_that_was_there_and_none_to_a_loaded_one()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync("INSERT INTO movies (title, release_date, updated_at) VALUES ('Old', '1990-01-01', '2020-01-01')");
        await database.LoadAsync(FixtureDatabase.Document("""
            "genres": [{"name":"Crime"}],
            "movies": [{"title":"New","release_date":"1995-12-15","version":5,"updated_at":"2021-01-01T00:00:00Z"}],
            "movie_genres": [
            {"movie":"Old","release_date":"1990-01-01","genre":"crime"},{"movie":"New","release_date":"1995-12-15","genre":"Crime"}]
            """));
        Assert.Equal("New 5 2021, Old 2 " + DateTime.UtcNow.Year, await database.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', title, version, date_part('year', updated_at)), ', ' ORDER BY title)
            FROM movies JOIN movie_genres ON movie_id = movies.id
            """));
        Assert.Equal(
            "O", await database.ScalarAsync<string>("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'movie_genres_inserted'"));
    }

    [Fact]
    public async Task Records_that_cannot_be_loaded_are_rejected_by_line_and_stop_the_load()
    {
        (string Record, string Reason)[] records =
        [
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15","value":11}""", "breaks ck_ratings_value"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15"}""", "value is missing"),
            ("""{"movie":"Heat","release_date":"1995-12-15","value":1}""", "user is missing"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-16","value":1}""", "there is no movie Heat, 1995-12-16"),
            ("""{"user":"EVE","movie":"Heat","release_date":"1995-12-15","value":1}""", "there is no user EVE"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15","value":"1"}""", "\"value\": expected a whole number"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15","value":99999}""",
             "\"value\": expected a whole number from -32768 to 32767"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-02-30","value":1}""", "\"release_date\": expected a day"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15","value":1,"created_at":"2020-01-01T00:00:00"}""",
             "\"created_at\": expected a time"),
            ("""{"user":"ANN","movie":"Heat","release_date":"1995-12-15","value":1,"stars":1}""", "there is no column \"stars\""),
            ("""{"user":"ANN","user":"BOB","movie":"Heat","release_date":"1995-12-15","value":1}""", "\"user\" stands twice"),
            ("""{"user":"A\u0000N","movie":"Heat","release_date":"1995-12-15","value":1}""", "U+0000"),
            ("""{"user":"A\uD800N","movie":"Heat","release_date":"1995-12-15","value":1}""", "not valid Unicode"),
            ("""{"user":"BOB","movie":"Heat","release_date":"1995-12-15","value":2}""",
             "has the same user, movie, release_date as line 13"),
        ];
        await using var database = await FixtureDatabase.CreateAsync();
        var document = FixtureDatabase.Document($$"""
            {{Heat}}
            {{Users}},
            "ratings": [
            {"user":"BOB","movie":"Heat","release_date":"1995-12-15","value":1},
            {{string.Join(",\n", records.Select(record => record.Record))}}
            ]
            """);
        var failure = await Assert.ThrowsAsync<UserErrorException>(() => database.LoadAsync(document));
        Assert.StartsWith($"{records.Length} records of file.json rejected, so nothing was loaded.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT (SELECT count(*) FROM movies) + (SELECT count(*) FROM users)"));

        AssertRejected("ratings", 14, records, await database.LoadAsync(document, skipRejects: true));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    [Fact]
    public async Task Records_that_break_a_rule_of_their_table_are_rejected()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.LoadAsync(FixtureDatabase.Document("""
            "users": [{"normalized_user_name":"X","user_name":"x","display_name":"x","email":"taken","normalized_email":"TAKEN"}]
            """));
        (string Record, string Reason)[] movies =
        [
            ("""{"title":" ","release_date":"1995-12-15"}""", "breaks ck_movies_title_not_blank"),
            ("""{"title":"x","release_date":"1995-12-15","imdb_rating":7.35}""", "imdb_rating has more than 1 decimals"),
            ("""{"title":"x","release_date":"1995-12-15","mpaa_rating":"much too long"}""", "mpaa_rating has more than 9 characters"),
            ("""{"title":"x","release_date":"1887-12-31"}""", "breaks ck_movies_release_date"),
        ];
        AssertRejected("movies", 6, movies, await database.LoadAsync(FixtureDatabase.DocumentOf("movies", movies), skipRejects: true));
        (string Record, string Reason)[] users =
        [
            ("""{"normalized_user_name":"Y","user_name":"y","display_name":"y","email":"taken","normalized_email":"TAKEN"}""",
             "normalized_email 'TAKEN' belongs to another row"),
        ];
        AssertRejected("users", 6, users, await database.LoadAsync(FixtureDatabase.DocumentOf("users", users), skipRejects: true));
    }

    [Fact]
    public async Task Vote_on_own_review_is_rejected()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        var rejected = await database.LoadAsync(
            FixtureDatabase.Document($$"""
                {{Heat}}
                {{Users}},
                "reviews": [{"user":"ANN","movie":"Heat","release_date":"1995-12-15","title":"t","body":"b"}],
                "review_votes": [
                {"author":"ANN","movie":"Heat","release_date":"1995-12-15","user":"ANN"},
                {"author":"ANN","movie":"Heat","release_date":"1995-12-15","user":"BOB"}]
                """),
            skipRejects: true);
        Assert.Equal(["review_votes, line 14: a user cannot vote on their own review"], rejected);
        Assert.Equal(1, await database.ScalarAsync<int>("SELECT helpful_count FROM reviews"));
    }

    [Fact]
    public async Task Sequence_that_is_behind_is_repaired()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync(
            "INSERT INTO movies (id, title, release_date) SELECT n, 'movie ' || n, '2000-01-01' FROM generate_series(1, 40) n");
        await database.LoadAsync(FixtureDatabase.Document(Heat + Users));
        Assert.Equal(41, await database.ScalarAsync<long>("SELECT id FROM movies WHERE title = 'Heat'"));
    }

    [Fact]
    public async Task Many_rows_into_an_empty_table_leave_the_same_indexes_constraints_and_exact_counts()
    {
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 60, users: 50);
        await using var database = await FixtureDatabase.CreateAsync();
        var before = await SchemaAsync(database);
        var document = await source.DumpAsync();

        Assert.Empty(await database.LoadAsync(document));

        Assert.Equal(before, await SchemaAsync(database));
        Assert.Equal(document, await database.DumpAsync());
        Assert.Equal(3_000, await database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Duplicate_among_many_records_is_rejected_and_the_rest_loads()
    {
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 60, users: 50);
        var document = await source.DumpAsync();
        var last = document[document.IndexOf("\n{", document.IndexOf("\"ratings\"", StringComparison.Ordinal), StringComparison.Ordinal)..];
        var repeated = document.Replace(
            "\n],\n\"favorites\"",
            $",{last[..last.IndexOf("},\n", StringComparison.Ordinal)]}}}\n],\n\"favorites\"",
            StringComparison.Ordinal);
        await using var database = await FixtureDatabase.CreateAsync();

        var rejected = Assert.Single(await database.LoadAsync(repeated, skipRejects: true));

        Assert.Contains("has the same user, movie, release_date as line", rejected, StringComparison.Ordinal);
        Assert.Equal(document, await database.DumpAsync());
    }

    [Fact]
    public async Task Work_grows_no_faster_than_the_rows_of_an_empty_table()
    {
        const int Users = 160;
        const int Votes = Users * (Users - 1);
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 1, users: Users);
        await source.ExecuteAsync(
            """
            INSERT INTO review_votes (review_id, user_id)
            SELECT reviews.id, users.id FROM reviews, users WHERE user_id <> users.id ON CONFLICT DO NOTHING
            """);
        await using var database = await FixtureDatabase.CreateAsync();

        await database.LoadAsync(await source.DumpAsync());

        // Reading the table again for each row, as a badly planned statement does, would be 50 pages a row here.
        Assert.Equal(Votes, await database.ScalarAsync<long>("SELECT count(*) FROM review_votes"));
        var pages = "SELECT heap_blks_hit + heap_blks_read FROM pg_statio_user_tables WHERE relname = 'review_votes'";
        await Eventually.HoldsAsync(async () => await database.ScalarAsync<long>(pages) > 0, "the server has counted");
        Assert.InRange(await database.ScalarAsync<long>(pages), 1, 10 * Votes);
    }

    // The records stand below one another from the first line on.
    internal static void AssertRejected(string table, int first, (string Record, string Reason)[] records, string[] rejected)
    {
        Assert.Equal(records.Length, rejected.Length);
        foreach (var (number, (_, reason)) in records.Index())
        {
            var told = Assert.Single(rejected, told => told.StartsWith($"{table}, line {number + first}: ", StringComparison.Ordinal));
            Assert.Contains(reason, told, StringComparison.Ordinal);
        }
    }

    private static Task<string?> DirectorAsync(FixtureDatabase database) =>
        database.ScalarAsync<string>("SELECT concat_ws(' ', director, runtime_minutes, version) FROM movies");

    private static Task<string?> SchemaAsync(FixtureDatabase database) => database.ScalarAsync<string>(
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text
                FROM pg_trigger WHERE NOT tgisinternal) AS objects (line)
        """);
}
