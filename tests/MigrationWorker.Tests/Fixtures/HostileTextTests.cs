using FsCheck;
using FsCheck.Fluent;
using MovieAspire.Data;

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
                given AS (
                    SELECT * FROM unnest(
                        {Array(titles.Select(Title))}, {Array(titles.Select(Name))},
                        {Array(titles.Select((text, index) => Name(text, index).ToUpperInvariant()))}) AS t (title, name, normalized)),
                movie AS (
                    INSERT INTO movies (title, release_date, director) SELECT title, '2000-01-01', name FROM given RETURNING id, director),
                author AS (
                    INSERT INTO users (user_name, normalized_user_name, display_name, email_confirmed, phone_number_confirmed,
                        two_factor_enabled, lockout_enabled, access_failed_count)
                    SELECT name, normalized, left(name, 50), true, true, true, true, 0 FROM given RETURNING id, user_name)
            INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers)
            SELECT movie.id, author.id, director, director, true FROM movie JOIN author ON user_name = director
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

    // Titles are what movies are known by, so they hold nothing that cannot be seen.
    private static string Title(string text, int index) =>
        $"{index}{string.Concat(text.EnumerateRunes().Where(rune => PlainText.FindRefused(rune.ToString()) is null))}"
            .Replace("e\u0301", "\u00E9", StringComparison.Ordinal).Trim();

    private static string Name(string text, int index) => $"{index}{text}";

    private static string Array(IEnumerable<string> texts) =>
        $"ARRAY[{string.Join(", ", texts.Select(text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"))}]";
}
