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
}
