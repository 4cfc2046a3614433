using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;

namespace MovieAspire.Api.Http;

/// <summary>
/// Parses messages of the framework for details that nothing but their English text contains. All code that does so is here. A servicing
/// release of .NET may change the texts: problem documents then become less specific, and <c>ProblemTests</c>, <c>StrictQueryTests</c> and
/// <c>SecondFactorTests</c> fail.
/// </summary>
internal static partial class FrameworkMessages
{
    /// <summary>
    /// The detail of Identity's 401 when the password is right and the second factor is missing:
    /// <see cref="SignInResult.TwoFactorRequired"/> as text.
    /// </summary>
    public const string SecondFactorRequired = "RequiresTwoFactor";

    /// <summary>The name in minimal APIs' message about a required query parameter, or null for another message.</summary>
    public static string? MissingQueryParameter(string message) =>
        RequiredParameter().Match(message) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The names of required JSON properties that are missing; empty for another error.</summary>
    public static IEnumerable<string> MissingProperties(JsonException exception) =>
        // The first quoted name is the type's.
        Contains(exception, "missing required propert")
            ? Quoted().Matches(exception.Message).Skip(1).Select(name => name.Groups[1].Value)
            : [];

    /// <summary>The name of a JSON property that appears twice, or null.</summary>
    public static string? DuplicateProperty(JsonException exception) =>
        Contains(exception, "uplicate propert") ? Quoted().Match(exception.Message).Groups[1].Value : null;

    public static bool IsUnknownProperty(JsonException exception) => Contains(exception, "could not be mapped to any .NET member");

    public static bool IsTooDeep(JsonException exception) => Contains(exception, "maximum configured depth");

    public static bool IsOfAnotherType(JsonException exception) =>
        Contains(exception, "could not be converted")
        || Contains(exception, "doesn't allow setting null")
        || Contains(exception, "doesn't allow null");

    private static bool Contains(JsonException exception, string text) => exception.Message.Contains(text, StringComparison.Ordinal);

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^Required parameter "\S+ (\w+)" was not provided from query string""")]
    private static partial Regex RequiredParameter();
}
