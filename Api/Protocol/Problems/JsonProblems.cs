using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieAspire.Api.Protocol.Problems;

/// <summary>Explains why a JSON text was refused, in the client's terms: the serializer's own words tell of .NET types.</summary>
internal static partial class JsonProblems
{
    public const string BodyHint = "The body must be one JSON value of the documented shape, in UTF-8; see /openapi/v1.json.";

    public static HttpValidationProblemDetails Explain(JsonException exception) => new(Errors(exception))
    {
        Status = StatusCodes.Status400BadRequest,
        Detail = BodyHint,
        Extensions = { ["code"] = ProblemCodes.MalformedBody },
    };

    private static readonly string[] Required = ["This field is required."];

    /// <summary>What is wrong, by field; <c>$</c> stands for the whole value.</summary>
    public static Dictionary<string, string[]> Errors(JsonException exception)
    {
        if (exception.Message.Contains("missing required propert", StringComparison.Ordinal))
        {
            // The first quoted name is that of the type.
            return Quoted().Matches(exception.Message).Skip(1).ToDictionary(name => name.Groups[1].Value, _ => Required);
        }

        // A text that is read without a type in mind tells only in words which name came twice.
        var path = exception.Path ?? (IsDuplicate(exception) ? Quoted().Match(exception.Message).Groups[1].Value : "$");
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        return new() { [field] = [exception is RejectedValueException ? exception.Message : Reason(exception)] };
    }

    private static string Reason(JsonException exception)
    {
        var message = exception.Message;
        return message switch
        {
            _ when message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) => "There is no such field.",
            _ when IsDuplicate(exception) => "This field appears twice.",
            _ when message.Contains("maximum configured depth", StringComparison.Ordinal) => "The value is nested too deeply.",
            _ when message.Contains("could not be converted", StringComparison.Ordinal)
                || message.Contains("doesn't allow setting null", StringComparison.Ordinal)
                || message.Contains("doesn't allow null", StringComparison.Ordinal) => "The value is not of the documented type.",
            _ => $"This is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).",
        };
    }

    private static bool IsDuplicate(JsonException exception) => exception.Message.Contains("uplicate propert", StringComparison.Ordinal);

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
