using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>Validates by attributes where the framework does not, and names the errors by JSON property.</summary>
internal static class RequestValidation
{
    /// <summary>Errors by field, in the order of the properties; empty if the value is valid.</summary>
    public static IEnumerable<(string Field, string Message)> Validate(object value)
    {
        List<ValidationResult> errors = [];
        Validator.TryValidateObject(value, new ValidationContext(value), errors, validateAllProperties: true);
        return errors.Select(error =>
        {
            var member = error.MemberNames.FirstOrDefault() ?? "$";
            return (JsonName(member), UseJsonName(error.ErrorMessage ?? "The value is not valid.", member));
        });
    }

    /// <summary>The name in JSON of a property or a path of properties.</summary>
    public static string JsonName(string member) => string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>Replaces the C# name in a message of the framework by the JSON name.</summary>
    public static string UseJsonName(string message, string member) =>
        message.Replace($"field {member}", $"field {JsonName(member)}", StringComparison.Ordinal);
}

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
