using System.Globalization;
using System.Text;

namespace MovieAspire.Data;

/// <summary>
/// What text that people read may hold, in one place as <see cref="Limits"/> are, so that what looks the same is stored the same.
/// </summary>
public static class PlainText
{
    // Several scripts, and emoji, are not written right without these two.
    private static readonly Rune[] Joiners = [new(0x200C), new(0x200D)];

    // Byte order marks and what copying leaves. Within a text they part words, or keep them together.
    private static readonly char[] ZeroWidthSpaces = ['\u200B', '\u2060', '\uFEFF'];

    /// <summary>
    /// Removes white space around the text, including spaces without a width, and composes its characters (NFC). A process with
    /// <c>InvariantGlobalization</c> cannot compose them and leaves that to PostgreSQL's <c>normalize</c>.
    /// </summary>
    public static string Normalize(string text) => Trim(text).Normalize(NormalizationForm.FormC);

    /// <summary>
    /// The same for a single line, in which white space is one space each time, and what changes nothing of what is seen is left out: a joiner
    /// or a variation selector after a character that has no other form. Ideographic spaces stay, which are wider, and fillers of Hangul that
    /// hold the place of a letter in a syllable.
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
            var next = runes.AsSpan(i + 1);
            var rune = IsSpace(runes[i]) && !HoldsPlace(runes[i], last, next) ? new Rune(' ') : runes[i];
            if (rune.Value == ' ' ? last.Value == ' ' : IsModifier(rune) && !Modifies(rune, last, next))
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
    /// control or format character, but for the two joiners, or one that Unicode reserves for such. Null where there is none.
    /// </summary>
    public static Rune? FindRefused(string line)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            if (IsReserved(rune) || (!Joiners.Contains(rune) && Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>
    /// True for what shows nothing by itself although its category does not tell: the rest of Unicode's Default_Ignorable_Code_Point, and
    /// braille without dots.
    /// </summary>
    public static bool IsIgnorable(Rune rune) => IsFiller(rune) || IsReserved(rune) || (IsModifier(rune) && !Joiners.Contains(rune));

    private static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsAround(text[start]))
        {
            start++;
        }

        while (start < end && IsAround(text[end - 1]))
        {
            end--;
        }

        return text[start..end];

        static bool IsAround(char character) => char.IsWhiteSpace(character) || ZeroWidthSpaces.Contains(character);
    }

    /// <summary>Letters and symbols by their category: fillers of Hangul, and braille without dots.</summary>
    private static bool IsFiller(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;

    /// <summary>Not assigned yet, and ignorable once they are.</summary>
    private static bool IsReserved(Rune rune) =>
        rune.Value is 0x2065 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF) && !IsSelector(rune);

    private static bool IsSpace(Rune rune) =>
        IsFiller(rune) || (rune.Value != 0x3000 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator);

    /// <summary>A syllable of old Hangul without its first consonant or its vowel has a filler there (The Unicode Standard, 18.6).</summary>
    private static bool HoldsPlace(Rune filler, Rune last, ReadOnlySpan<Rune> next) => filler.Value switch
    {
        0x115F => next is [{ Value: (>= 0x1161 and <= 0x11A7) or (>= 0xD7B0 and <= 0xD7C6) }, ..]
            || (next is [{ Value: 0x1160 }, var final, ..] && IsFinal(final)),
        0x1160 => last.Value is (>= 0x1100 and <= 0x115F) or (>= 0xA960 and <= 0xA97C) && next is [var final, ..] && IsFinal(final),
        _ => false,
    };

    private static bool IsFinal(Rune consonant) => consonant.Value is (>= 0x11A8 and <= 0x11FF) or (>= 0xD7CB and <= 0xD7FB);

    /// <summary>Joiners, variation selectors and others that only tell programs something.</summary>
    private static bool IsModifier(Rune rune) => Joiners.Contains(rune) || IsSelector(rune) || IsMark(rune);

    private static bool IsSelector(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) || IsMongolianSelector(rune);

    private static bool IsMongolianSelector(Rune rune) => rune.Value is (>= 0x180B and <= 0x180D) or 0x180F;

    /// <summary>The grapheme joiner, by which programs sort, and vowels of Khmer that are not written.</summary>
    private static bool IsMark(Rune rune) => rune.Value is 0x034F or 0x17B4 or 0x17B5;

    /// <summary>Of several one after the other, the first does.</summary>
    private static bool Modifies(Rune modifier, Rune last, ReadOnlySpan<Rune> next) =>
        !IsMark(modifier) && modifier != last && !(IsSelector(modifier) && IsSelector(last))
        && (IsMongolianSelector(modifier) ? last.Value is >= 0x1800 and <= 0x18AF : HasForms(last) || IsKeycap(next));

    /// <summary>Letters have other forms in the scripts from Arabic on, symbols as emoji.</summary>
    private static bool HasForms(Rune rune) => rune.Value >= 0x0600 || Rune.IsSymbol(rune);

    /// <summary>A digit with a selector before U+20E3 is an emoji.</summary>
    private static bool IsKeycap(ReadOnlySpan<Rune> next) => next is [{ Value: 0x20E3 }, ..];

    private static bool IsVisible(Rune rune) => !IsIgnorable(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark);
}
