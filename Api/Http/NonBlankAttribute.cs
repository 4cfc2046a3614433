using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace MovieAspire.Api.Http;

/// <summary>
/// Text in which something can be seen, not longer than its column, counted as PostgreSQL counts: in code points. White space around it is
/// taken off and its characters are composed (NFC) as it is read (<see cref="JsonOptionsSetup"/>), so that what looks the same is the same.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal class NonBlankAttribute : StringLengthAttribute
{
    /// <summary>Letters and symbols by their category that show nothing: fillers of Hangul, and braille without dots.</summary>
    private static readonly Rune[] Blank = [new(0x115F), new(0x1160), new(0x2800), new(0x3164), new(0xFFA0)];

    public NonBlankAttribute(int maximumLength)
        : base(maximumLength)
    {
        MinimumLength = 1;
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space.";
    }

    public override bool IsValid(object? value) =>
        value is null || (value is string text && text.EnumerateRunes().Any(IsVisible) && text.EnumerateRunes().Count() <= MaximumLength);

    public override string FormatErrorMessage(string name) =>
        string.Format(CultureInfo.InvariantCulture, ErrorMessageString, name, MaximumLength);

    public static string Normalize(string text) => text.Trim().Normalize(NormalizationForm.FormC);

    private static bool IsVisible(Rune rune) => !Blank.Contains(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark);
}

/// <summary>One line of such text, without characters that cannot be seen or that turn the text around them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class LineAttribute : NonBlankAttribute
{
    // Several scripts, and emoji, are not written right without these two.
    private static readonly Rune[] Joiners = [new(0x200C), new(0x200D)];

    public LineAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space, and no line breaks or other control characters.";

    public override bool IsValid(object? value) => base.IsValid(value) && (value is not string text || !text.EnumerateRunes().Any(IsRefused));

    private static bool IsRefused(Rune rune) => !Joiners.Contains(rune) && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
