using FsCheck;
using FsCheck.Fluent;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>Whatever PostgreSQL can store goes through a dump and a load unchanged.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Nasty =
    [
        "\"", "\\", "\\n", "\\N", "\\.", "\n", "\r\n", "\t", "\u0001", "\u001F", "\u007F", "\u0085", "\u2028", "\uFEFF", "'", "''",
        "${x}", "{\"a\":1}", "],", "\\u0000", "é", "e\u0301", "ß", "İ", "夜", "😀", "👩‍👩‍👧", "\u202Eabc\u202C", "שלום", "مرحبا",
        "\uFFFD", "\U0010FFFF", " ", "\u00A0", "%s", "--", ";", "a",
    ];

    private static readonly Gen<string> Texts = Gen.Elements(Nasty).NonEmptyListOf().Select(string.Concat);

    [Fact]
    public void Text_survives_a_dump_and_a_load()
    {
        // Few databases with many texts each, since making a database costs most.
        var titles = Texts.Where(title => title.Length is > 0 and <= 90).ListOf(50).Select(texts => texts.Distinct().ToArray());
        Prop.ForAll(titles.ToArbitrary(), texts => RoundTripAsync(texts).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(4).WithStartSize(20));
    }

    private static async Task<bool> RoundTripAsync(string[] titles)
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"""
            WITH
                movie AS (
                    INSERT INTO movies (title, release_date, director)
                    SELECT name, '2000-01-01', name
                    FROM unnest(ARRAY[{string.Join(", ", titles.Select(title => Quote("t" + title)))}]) AS names (name)
                    RETURNING id, title),
                author AS (
                    INSERT INTO users (user_name, normalized_user_name, display_name, email_confirmed, phone_number_confirmed,
                        two_factor_enabled, lockout_enabled, access_failed_count)
                    SELECT title, title, left(title, 50), true, true, true, true, 0 FROM movie RETURNING id, user_name)
            INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers)
            SELECT movie.id, author.id, title, title, true FROM movie JOIN author ON user_name = title
            """);
        var first = await database.DumpAsync();
        await using var other = await FixtureDatabase.CreateAsync();
        await other.LoadAsync(first);
        const string Everything = """
            SELECT string_agg(
                concat_ws('|', m.title, m.director, u.user_name, u.display_name, r.title, r.body), '#' ORDER BY m.title COLLATE "C")
            FROM movies m JOIN reviews r ON r.movie_id = m.id JOIN users u ON u.id = r.user_id
            """;
        return first == await other.DumpAsync()
            && await database.ScalarAsync<string>(Everything) == await other.ScalarAsync<string>(Everything)
            && await other.ScalarAsync<long>("SELECT count(*) FROM reviews") == titles.Length;
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
