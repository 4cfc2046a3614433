using System.Globalization;
using System.Text;

namespace MovieAspire.Data;

/// <summary>
/// What text that people read may hold, in one place as <see cref="Limits"/> are, so that what looks the same is stored the same.
/// </summary>
public static class PlainText
{
    /// <summary>Letters and symbols by their category that show nothing: fillers of Hangul, and braille without dots.</summary>
    private static readonly Rune[] Blank = [new(0x115F), new(0x1160), new(0x2800), new(0x3164), new(0xFFA0)];

    // Several scripts, and emoji, are not written right without these two.
    private static readonly Rune[] Joiners = [new(0x200C), new(0x200D)];

    /// <summary>
    /// Takes off white space around the text and composes its characters (NFC). A process with <c>InvariantGlobalization</c> cannot compose
    /// and leaves that to PostgreSQL's <c>normalize</c>.
    /// </summary>
    public static string Normalize(string text) => text.Trim().Normalize(NormalizationForm.FormC);

    /// <summary>True where something of the text can be seen.</summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().Any(IsVisible);

    /// <summary>
    /// The first character that a single line must not hold, since it cannot be seen or turns the text around it: a line break or another
    /// control or format character, but for the two joiners. Null where there is none.
    /// </summary>
    public static Rune? FindRefused(string line)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            if (!Joiners.Contains(rune) && Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return rune;
            }
        }

        return null;
    }

    private static bool IsVisible(Rune rune) => !Blank.Contains(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark);
}
