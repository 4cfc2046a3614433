using System.Text;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

public sealed class HostileFileTests(HostileFileTests.Target target) : IClassFixture<HostileFileTests.Target>
{
    private const string Genres = """
        "genres": [
        {"name":"Drama"},
        {"name":"Čas"}
        ]
        """;

    private readonly FixtureDatabase _database = target.Database;

    public static TheoryData<string, string> Readable() => new()
    {
        { "as dump writes it", FixtureDatabase.Document(Genres) },
        { "line ends of Windows", FixtureDatabase.Document(Genres).ReplaceLineEndings("\r\n") },
        { "a byte order mark", "\uFEFF" + FixtureDatabase.Document(Genres) },
        { "one line", FixtureDatabase.Document(Genres).ReplaceLineEndings("") },
        {
            "indented",
            FixtureDatabase.Document(Genres)
                .Replace("{", "  {\n   ", StringComparison.Ordinal).Replace(":", " :\n ", StringComparison.Ordinal)
        },
        { "escaped", FixtureDatabase.Document(Genres.Replace("Č", @"\u010c", StringComparison.Ordinal)) },
        { "much white space", FixtureDatabase.Document(new string('\n', 1_000_000) + Genres + new string(' ', 1_000_000)) },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Any_way_of_writing_the_same_json_is_read(string what, string document)
    {
        Assert.Empty(await _database.LoadAsync(document));
        var genres = await _database.ScalarAsync<string>("""SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM genres""");
        Assert.True(genres == "Drama Čas", what);
    }

    [Theory]
    [InlineData("", "line 1: not valid JSON")]
    [InlineData("[]", "line 1: expected StartObject, found StartArray")]
    [InlineData("{}", "is no fixture: it must begin with")]
    [InlineData("""{"tables": {}}""", "is no fixture: it must begin with")]
    [InlineData("""{"format": "movieaspire-fixture", "version": 2}""", "has version 2 of the format; this build reads 1")]
    [InlineData(
        """{"format": "movieaspire-fixture", "version": 1, "migration": "29991231235959_Later", "tables": {}}""",
        "Load it with a newer build.")]
    [InlineData("""{"surprise": 1}""", "the header has no \"surprise\" of this kind")]
    [InlineData("PK\u0003\u0004", "line 1: not valid JSON")]
    public async Task Document_that_is_no_fixture_is_refused(string document, string reason)
    {
        var failure = await Assert.ThrowsAsync<UserErrorException>(() => _database.LoadAsync(document));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "reviewers": [] """, "there is no table \"reviewers\"; there are: genres, movies")]
    [InlineData(""" "movies": [], "genres": [] """, "the table \"genres\" stands too late or twice")]
    [InlineData(""" "genres": [], "genres": [] """, "the table \"genres\" stands too late or twice")]
    [InlineData(""" "genres": {} """, "expected StartArray, found StartObject")]
    [InlineData(""" "genres": [["Drama"]] """, "a table holds records in braces")]
    [InlineData(""" "genres": [{"name":"Drama"} {"name":"Crime"}] """, "line 5: not valid JSON")]
    [InlineData(""" "genres": [{"name":"Drama"},] """, "line 5: not valid JSON")]
    public async Task Tables_of_another_form_are_refused(string tables, string reason)
    {
        var failure = await Assert.ThrowsAsync<UserErrorException>(() => _database.LoadAsync(FixtureDatabase.Document(tables)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_truncated_anywhere_loads_nothing()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        var whole = Encoding.UTF8.GetBytes(FixtureDatabase.Document(Genres).TrimEnd());
        for (var length = 0; length < whole.Length; length += 7)
        {
            await Assert.ThrowsAsync<UserErrorException>(() => database.LoadAsync(whole[..length]));
        }

        await Assert.ThrowsAsync<UserErrorException>(() => database.LoadAsync(whole[..^1]));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM genres"));
    }

    [Fact]
    public async Task Text_in_another_encoding_is_refused_by_line()
    {
        var latin = Encoding.Latin1.GetBytes(FixtureDatabase.Document(Genres.Replace("Č", "é", StringComparison.Ordinal)));
        Assert.Equal(["genres, line 7: \"name\": is not valid Unicode text"], await _database.LoadAsync(latin, skipRejects: true));

        var failure = await Assert.ThrowsAsync<UserErrorException>(
            () => _database.LoadAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]));
        Assert.Contains("is UTF-16 text; save it as UTF-8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Huge_record_is_refused_without_being_held()
    {
        var large = FixtureDatabase.Document($$""" "genres": [{"name":"{{new string('x', 3_000_000)}}"}] """);
        Assert.Equal(["genres, line 5: name has more than 50 characters"], await _database.LoadAsync(large, skipRejects: true));

        var endless = FixtureDatabase.Document($$""" "genres": [{"name":"{{new string('x', 20_000_000)}}"}] """);
        var failure = await Assert.ThrowsAsync<UserErrorException>(() => _database.LoadAsync(endless));
        Assert.Contains("line 5: a record longer than 8 MB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_into_an_older_schema_says_to_run_up_first()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\"");
        var load = await Assert.ThrowsAsync<UserErrorException>(() => database.LoadAsync(FixtureDatabase.Document(Genres)));
        Assert.Contains("run the command 'up'", load.Message, StringComparison.Ordinal);
        var dump = await Assert.ThrowsAsync<UserErrorException>(() => database.DumpAsync());
        Assert.Contains("run the command 'up'", dump.Message, StringComparison.Ordinal);
    }

    /// <summary>A database of these tests together: whatever they load, it is the same.</summary>
    public sealed class Target : IAsyncLifetime
    {
        internal FixtureDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync() => Database = await FixtureDatabase.CreateAsync();

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }
}
