using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MovieAspire.Api.Http;

/// <summary>Turns exceptions that a client can cause into the 4xx that explains them, and logs the others.</summary>
internal sealed partial class ApiExceptionHandler(IProblemDetailsService problems, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer, and nothing is wrong here.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Explain(exception) ?? DatabaseProblems.Explain(exception);
        if (problem is null)
        {
            logger.LogError(exception, "Unhandled exception for {Method} {Path}", context.Request.Method, context.Request.Path);
            problem = new ProblemDetails { Status = StatusCodes.Status500InternalServerError };
        }

        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            logger.LogError(exception, "The database did not serve {Method} {Path}", context.Request.Method, context.Request.Path);
            context.Response.Headers.RetryAfter = "1";
        }

        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    private static ProblemDetails? Explain(Exception exception) => exception switch
    {
        InvalidRequestException invalid => InvalidRequestException.Problem(new() { [invalid.Parameter] = [invalid.Message] }, invalid.Code),
        BadHttpRequestException { InnerException: JsonException json } => JsonProblems.Explain(json),
        BadHttpRequestException bad when MissingParameter().Match(bad.Message) is { Success: true } missing =>
            InvalidRequestException.Problem(new() { [missing.Groups[1].Value] = ["The parameter is required."] }),
        BadHttpRequestException bad => new ProblemDetails
        {
            Status = bad.StatusCode,
            Detail = bad.StatusCode == StatusCodes.Status400BadRequest ? JsonProblems.BodyHint : null,
            Extensions =
            {
                ["code"] = bad.StatusCode == StatusCodes.Status400BadRequest
                    ? ProblemCodes.MalformedBody
                    : ProblemCodes.For(bad.StatusCode),
            },
        },
        _ => null,
    };

    [GeneratedRegex("""^Required parameter "\S+ (\w+)" was not provided from query string""")]
    private static partial Regex MissingParameter();
}

/// <summary>
/// What the database refuses, in HTTP's terms. Endpoints answer the cases that they expect; this is the net below them,
/// for what a race or a value at the edge of a type brings about.
/// </summary>
internal static class DatabaseProblems
{
    public static ProblemDetails? Explain(Exception exception) => Unwrap(exception) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } =>
            Problem(StatusCodes.Status409Conflict, "There is already one of these."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: { } name } when name.Contains("_users_", StringComparison.Ordinal) =>
            // A token outlives its account by minutes.
            Problem(StatusCodes.Status401Unauthorized, "The account of this token is gone."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } =>
            Problem(StatusCodes.Status404NotFound, "Something that the request refers to no longer exists."),
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation } =>
            Problem(StatusCodes.Status400BadRequest, "A value is outside what the database holds."),
        // What a value can bring about that validation let through; anything else is a mistake of ours and a 500.
        PostgresException
        {
            SqlState: PostgresErrorCodes.StringDataRightTruncation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.DatetimeFieldOverflow
        } => Problem(StatusCodes.Status400BadRequest, "A value is outside what the database holds."),
        PostgresException { IsTransient: true } or NpgsqlException and not PostgresException or TimeoutException =>
            Problem(StatusCodes.Status503ServiceUnavailable),
        _ => null,
    };

    /// <summary>The database's own error, where there is one inside.</summary>
    public static Exception Unwrap(Exception exception) =>
        exception is DbUpdateException or RetryLimitExceededException && exception.InnerException is { } inner
            ? Unwrap(inner)
            : exception;

    private static ProblemDetails Problem(int status, string? detail = null) => new() { Status = status, Detail = detail };
}

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

/// <summary>One of our converters refuses a value; the message is for the client. The serializer adds where it stood.</summary>
internal sealed class RejectedValueException(string message) : JsonException(message);
