using System.ComponentModel.DataAnnotations;
using System.Text.Json;

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
