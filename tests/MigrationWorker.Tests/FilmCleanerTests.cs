using System.Text.Json;
using MovieAspire.MigrationWorker.Import.Films;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Tests;

public sealed class FilmCleanerTests
{
    private readonly List<Finding> _findings = [];

    [Theory]
    [InlineData("300", "300")]
    [InlineData("\"AstÈrix aux Jeux Olympiques\"", "Astérix aux Jeux Olympiques")]
    [InlineData("\"The Naked Gun 2Ω: The Smell of Fear\"", "The Naked Gun 2½: The Smell of Fear")]
    [InlineData("\"Boot, Das\"", "Das Boot")]
    [InlineData("\"King Kong (1933)\"", "King Kong")]
    [InlineData("\"Halloween:  The Curse\"", "Halloween: The Curse")]
    public void A_title_is_mended_and_the_correction_reported(string json, string title)
    {
        Assert.Equal(title, Clean($$"""{ "Title": {{json}}, "Release Date": "Mar 09 2007" }""")?.Title);
        Assert.False(Assert.Single(_findings).Rejected);
    }

    [Theory]
    [InlineData("Alien³")]
    [InlineData("Amélie")]
    [InlineData("Ri¢hie Ri¢h")]
    [InlineData("Summer of '42")]
    public void A_title_that_is_right_stays(string title)
    {
        Assert.Equal(title, Clean($$"""{ "Title": "{{title}}", "Release Date": "Mar 09 2007" }""")?.Title);
        Assert.Empty(_findings);
    }

    [Theory]
    [InlineData("Dec 31 2046", 2906, 1946)]
    [InlineData("Dec 24 2016", null, 1916)]
    [InlineData("Jul 16 2010", 188247, 2010)]
    [InlineData("Jan 28 2011", 300, 2011)]
    [InlineData("Dec 23 2011", null, 2011)]
    [InlineData("Dec 23 2011", 50000, 1911)]
    public void Only_a_wrong_century_is_corrected(string date, int? votes, int year)
    {
        var json = $$"""{ "Title": "Film", "Release Date": "{{date}}", "IMDB Votes": {{votes?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}} }""";
        Assert.Equal(year, Clean(json)?.ReleaseDate.Year);
    }

    [Theory]
    [InlineData("Thriller/Suspense", "Thriller,Suspense")]
    [InlineData("Romantic Comedy", "Romance,Comedy")]
    [InlineData("Black Comedy", "Comedy,Black Humor")]
    [InlineData("Drama", "Drama")]
    public void Compound_genres_are_split(string genre, string genres) =>
        Assert.Equal(genres, string.Join(',', Clean($$"""{ "Title": "Film", "Release Date": "Mar 09 2007", "Major Genre": "{{genre}}" }""")!.Genres));

    [Theory]
    [InlineData("""{ "Title": null, "Release Date": "Nov 03 2006" }""", "there is no title")]
    [InlineData("""{ "Title": " ", "Release Date": "Nov 03 2006" }""", "there is no title")]
    [InlineData("""{ "Title": "Film", "Release Date": "soon" }""", "'soon' is not like")]
    [InlineData("""{ "Title": "Film", "Release Date": "Jan 01 1700" }""", "out of range")]
    public void What_cannot_be_mended_is_rejected_with_row_and_reason(string json, string reason)
    {
        Assert.Null(Clean(json));
        var finding = _findings.Single(finding => finding.Rejected);
        Assert.Contains(reason, finding.Reason, StringComparison.Ordinal);
        Assert.Equal(7, finding.Row);
    }

    [Fact]
    public void The_same_film_twice_is_rejected_once()
    {
        var cleaner = new FilmCleaner(_findings.Add);
        var row = Row("""{ "Title": "Film", "Release Date": "Nov 03 2006" }""");
        Assert.NotNull(cleaner.Clean(row, 1));
        Assert.Null(cleaner.Clean(row, 2));
        Assert.Equal(2, Assert.Single(_findings).Row);
    }

    private Film? Clean(string json) => new FilmCleaner(_findings.Add).Clean(Row(json), 7);

    private static FilmRow Row(string json) => JsonSerializer.Deserialize(json, FilmRowJson.Default.FilmRow)!;
}
