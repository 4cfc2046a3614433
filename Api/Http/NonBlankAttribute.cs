using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MovieAspire.Api.Http;

/// <summary>Text that is not blank and not longer than its column, counted as PostgreSQL counts: in code points.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NonBlankAttribute : StringLengthAttribute
{
    public NonBlankAttribute(int maximumLength)
        : base(maximumLength)
    {
        MinimumLength = 1;
        ErrorMessage = "The field {0} must have 1 to {1} characters, not only white space.";
    }

    public override bool IsValid(object? value) =>
        value is null || (value is string text && !string.IsNullOrWhiteSpace(text) && text.EnumerateRunes().Count() <= MaximumLength);

    public override string FormatErrorMessage(string name) =>
        string.Format(CultureInfo.InvariantCulture, ErrorMessageString, name, MaximumLength);
}
