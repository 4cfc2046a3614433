using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>
/// Text with at least one visible character, not longer than its column. The length is in code points, as in PostgreSQL. White space around
/// it is trimmed and its characters are composed (NFC) when it is read (<see cref="JsonOptionsSetup"/>), so that texts that look the same
/// are equal.
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

/// <summary>One line of such text, without invisible characters and those that change the direction of the text around them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class LineAttribute : NonBlankAttribute
{
    public LineAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space, and no line breaks or other control characters.";

    public override bool IsValid(object? value) => base.IsValid(value) && (value is not string text || PlainText.FindRefused(text) is null);
}
