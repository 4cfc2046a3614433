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

    /// <summary>
    /// The same for a single line, in which white space is one space each time, and what changes nothing of what is seen is left out: a joiner
    /// or a variation selector after a character that has no other form. Ideographic spaces stay, which are wider.
    /// </summary>
    public static string NormalizeLine(string line)
    {
        line = Normalize(line);
        if (!line.AsSpan().ContainsAnyExceptInRange(' ', '~') && !line.Contains("  ", StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder(line.Length);
        var last = new Rune(' ');
        var runes = line.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = IsSpace(runes[i]) ? new Rune(' ') : runes[i];
            if (rune.Value == ' ' ? last.Value == ' ' : IsModifier(rune) && !HasForms(last) && !IsKeycap(runes.AsSpan(i + 1)))
            {
                continue;
            }

            text.Append(rune);
            last = rune;
        }

        // What was apart may be composed now.
        return Normalize(text.ToString());
    }

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

    private static bool IsSpace(Rune rune) =>
        rune.Value is 0x2800 or 0x3164 or 0xFFA0 || (rune.Value != 0x3000 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator);

    /// <summary>Joiners and variation selectors; the grapheme joiner U+034F only tells programs how to sort.</summary>
    private static bool IsModifier(Rune rune) => Joiners.Contains(rune) || rune.Value is 0x034F or (>= 0xFE00 and <= 0xFE0F);

    /// <summary>Letters have other forms in the scripts from Arabic on, symbols as emoji.</summary>
    private static bool HasForms(Rune rune) => rune.Value >= 0x0600 || Rune.IsSymbol(rune);

    /// <summary>A digit with a selector before U+20E3 is an emoji.</summary>
    private static bool IsKeycap(ReadOnlySpan<Rune> next) => next is [{ Value: 0x20E3 }, ..];

    private static bool IsVisible(Rune rune) => !Blank.Contains(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark);
}
