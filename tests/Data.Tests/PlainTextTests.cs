using System.Text;

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
    [InlineData("Heat\u115fSeek")]
    [InlineData("Heat \u1160\u115fSeek")]
    [InlineData("Heat\uffa0Seek")]
    [InlineData("He\u17b4\u17b5at Seek")]
    [InlineData("He\u180bat\u180f Seek")]
    [InlineData("Heat Seek\U000E0100\U000E01EF")]
    [InlineData("\u200bHeat Seek\u200b")]
    [InlineData(" \ufeff\u200b Heat Seek \u2060 ")]
    public void Lines_that_look_the_same_become_the_same(string line) => Assert.Equal("Heat Seek", PlainText.NormalizeLine(line));

    [Fact]
    public void What_a_joiner_held_apart_is_composed() => Assert.Equal("Am\u00e9lie", PlainText.NormalizeLine("Ame\u034f\u0301lie"));

    [Theory]
    [InlineData("❤\ufe0f\ufe0f\ufe0e", "❤\ufe0f")]
    [InlineData("👩\u200d\u200d\u200d👧", "👩\u200d👧")]
    [InlineData("辻\U000E0100\U000E0101", "辻\U000E0100")]
    [InlineData("ن\u034fیم", "نیم")]
    [InlineData("ᄒ\u1160", "ᄒ")]
    [InlineData("영화\u115f\u1160", "영화")]
    [InlineData("夜\u180b", "夜")]
    public void What_shows_no_difference_makes_none(string line, string stored) => Assert.Equal(stored, PlainText.NormalizeLine(line));

    /// <summary>DerivedCoreProperties.txt of Unicode 16, Default_Ignorable_Code_Point.</summary>
    [Fact]
    public void No_character_that_is_ignored_can_be_seen_or_makes_two_titles_of_one()
    {
        int[] ignorable =
        [
            0x00AD, 0x034F, 0x061C, .. Range(0x115F, 0x1160), .. Range(0x17B4, 0x17B5), .. Range(0x180B, 0x180F), .. Range(0x200B, 0x200F),
            .. Range(0x202A, 0x202E), .. Range(0x2060, 0x206F), 0x3164, .. Range(0xFE00, 0xFE0F), 0xFEFF, 0xFFA0, .. Range(0xFFF0, 0xFFF8),
            .. Range(0x1BCA0, 0x1BCA3), .. Range(0x1D173, 0x1D17A), .. Range(0xE0000, 0xE0FFF),
        ];

        Assert.Equal(4174, ignorable.Length);
        foreach (var character in ignorable.Select(value => new Rune(value).ToString()))
        {
            Assert.False(PlainText.IsVisible(character), Name(character));
            Assert.True(
                PlainText.NormalizeLine($"He{character}at").Replace(" ", "", StringComparison.Ordinal) == "Heat"
                || PlainText.FindRefused($"He{character}at") is not null,
                Name(character));
        }

        static IEnumerable<int> Range(int first, int last) => Enumerable.Range(first, last - first + 1);
        static string Name(string character) => $"U+{char.ConvertToUtf32(character, 0):X4}";
    }

    [Theory]
    [InlineData("👩\u200d👧")]
    [InlineData("❤\ufe0f Love")]
    [InlineData("©\ufe0e 1\ufe0f\u20e3")]
    [InlineData("نیم\u200cفاصله")]
    [InlineData("क्\u200dष")]
    [InlineData("千と\u3000千尋")]
    [InlineData("辻\U000E0100")]
    [InlineData("❤\ufe0f\u200d🔥")]
    [InlineData("\u115fᅡ")]
    [InlineData("\u115f\u1160ᆫ")]
    [InlineData("ᄒ\u1160ᆫ")]
    [InlineData("ᠭ\u180b")]
    public void What_scripts_and_emoji_need_stays(string line) => Assert.Equal(line, PlainText.NormalizeLine(line));
}
