using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>
/// Text in which something can be seen, not longer than its column, counted as PostgreSQL counts: in code points. White space around it is
/// taken off and its characters are composed (NFC) as it is read (<see cref="JsonOptionsSetup"/>), so that what looks the same is the same.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal class NonBlankAttribute : StringLengthAttribute
{
    public NonBlankAttribute(int maximumLength)
        : base(maximumLength)
    {
        MinimumLength = 1;
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space.";
    }

    public override bool IsValid(object? value) =>
        value is null || (value is string text && PlainText.IsVisible(text) && text.EnumerateRunes().Count() <= MaximumLength);

    public override string FormatErrorMessage(string name) =>
        string.Format(CultureInfo.InvariantCulture, ErrorMessageString, name, MaximumLength);
}

/// <summary>One line of such text, without characters that cannot be seen or that turn the text around them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class LineAttribute : NonBlankAttribute
{
    public LineAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space, and no line breaks or other control characters.";

    public override bool IsValid(object? value) => base.IsValid(value) && (value is not string text || PlainText.FindRefused(text) is null);
}
