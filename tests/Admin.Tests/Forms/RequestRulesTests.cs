using MovieAspire.Admin.Forms;

namespace MovieAspire.Admin.Tests.Forms;

public sealed class RequestRulesTests
{
    private readonly RequestRules _rules = RequestRules.FromSchema("MovieRequest");

    [Fact]
    public void Characters_are_counted_as_the_API_counts_them()
    {
        Assert.Null(_rules.Check("title", Emoji(200)));
        Assert.Null(_rules.Check("title", $"  {Emoji(200)} "));
        Assert.Equal("200 characters at most; there are 201.", _rules.Check("title", Emoji(201)));

        static string Emoji(int count) => string.Concat(Enumerable.Repeat("🎬", count));
    }

    [Theory]
    [InlineData("1999-12-31", null)]
    [InlineData("52029-12-04", "A date with a year of four digits.")]
    [InlineData("1999-13-01", "A date with a year of four digits.")]
    public void Date_is_one_that_the_API_can_read(string text, string? problem) => Assert.Equal(problem, _rules.Check("releaseDate", text));

    [Theory]
    [InlineData("budget", "25000000", null)]
    [InlineData("budget", " 25,000,000 ", null)]
    [InlineData("budget", "25 000 000", null)]
    [InlineData("budget", "8,5", "A whole number.")]
    [InlineData("budget", "8.5", "A whole number.")]
    [InlineData("budget", "1,00,000", "A whole number.")]
    [InlineData("budget", "1e6", "A whole number.")]
    [InlineData("budget", "99999999999999999999", "A whole number.")]
    [InlineData("runtimeMinutes", "0", "1 to 1500.")]
    [InlineData("imdbRating", "8,5", null)]
    [InlineData("imdbRating", "8.5", null)]
    [InlineData("imdbRating", "85", "1 to 10.")]
    [InlineData("imdbRating", "8.", "A number.")]
    [InlineData("imdbRating", "good", "A number.")]
    public void Number_is_one_however_it_is_written(string field, string text, string? problem) => Assert.Equal(problem, _rules.Check(field, text));

    [Theory]
    [InlineData("year", "20", "1888 to 2100.")]
    [InlineData("updatedSince", "12026-01-01", "A date with a year of four digits.")]
    [InlineData("imdbId", "0133093", "The movie with this id at IMDb, such as tt0133093.")]
    [InlineData("sort", "title", null)]
    public void Parameters_have_rules_too(string parameter, string text, string? problem) =>
        Assert.Equal(problem, RequestRules.FromParameters("/api/v1/movies").Check(parameter, text));
}
