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
}
