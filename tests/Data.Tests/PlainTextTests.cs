namespace MovieAspire.Data.Tests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Heat\u00a0Seek")]
    [InlineData("Heat  Seek")]
    [InlineData("Heat\u2003\u2009Seek")]
    [InlineData("Heat\u3164Seek")]
    [InlineData("Heat Seek\u2800")]
    [InlineData("\u3000Heat Seek")]
    [InlineData("He\u200dat Seek")]
    [InlineData("He\u200c\u200dat Seek")]
    [InlineData("\u200dHeat Seek")]
    [InlineData("Heat Seek\ufe0f")]
    [InlineData("He\u034fat \ufe0fSeek")]
    public void Lines_that_look_the_same_become_the_same(string line) => Assert.Equal("Heat Seek", PlainText.NormalizeLine(line));

    [Fact]
    public void What_a_joiner_held_apart_is_composed() => Assert.Equal("Am\u00e9lie", PlainText.NormalizeLine("Ame\u034f\u0301lie"));

    [Theory]
    [InlineData("👩\u200d👧")]
    [InlineData("❤\ufe0f Love")]
    [InlineData("©\ufe0e 1\ufe0f\u20e3")]
    [InlineData("نیم\u200cفاصله")]
    [InlineData("क्\u200dष")]
    [InlineData("千と\u3000千尋")]
    [InlineData("辻\U000E0100")]
    public void What_scripts_and_emoji_need_stays(string line) => Assert.Equal(line, PlainText.NormalizeLine(line));
}
