using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MovieAspire.Api.Http;

/// <summary>Turns exceptions that a client can cause into a 4xx that explains them, and logs the others.</summary>
internal sealed class ApiExceptionHandler(
    IProblemDetailsService problems, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            // The client has closed the connection: not an error, and nobody reads a response.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = await BodyProblemAsync(context, exception) ?? RequestProblem(exception) ?? DatabaseProblem(exception);
        if (problem is null)
        {
            logger.LogError(exception, "Unhandled exception for {Method} {Path}", context.Request.Method, context.Request.Path);
            problem = new ProblemDetails { Status = StatusCodes.Status500InternalServerError };
        }

        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            logger.LogError(exception, "The database is unavailable for {Method} {Path}", context.Request.Method, context.Request.Path);
            context.Response.Headers.RetryAfter = "1";
        }

        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    private async Task<ProblemDetails?> BodyProblemAsync(HttpContext context, Exception exception) =>
        exception is BadHttpRequestException { InnerException: JsonException }
        && await BodyErrors.FindAsync(context, context.Features.Get<IExceptionHandlerFeature>()?.Endpoint, json.Value.SerializerOptions)
            is { ByField.Count: > 0 } errors
            ? JsonErrors.ToProblem(errors)
            : null;

    private static ProblemDetails? RequestProblem(Exception exception) => exception switch
    {
        InvalidRequestException invalid => InvalidProblem(invalid),
        BadHttpRequestException { InnerException: JsonException json } => JsonErrors.ToProblem(json),
        BadHttpRequestException bad when FrameworkMessages.MissingQueryParameter(bad.Message) is { } parameter =>
            ApiProblem.InvalidDetails(new() { [parameter] = ["The parameter is required."] }),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => new ProblemDetails
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = JsonErrors.BodyHint,
            Extensions = { ["code"] = ProblemCodes.MalformedBody },
        },
        BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode },
        _ => null,
    };

    private static HttpValidationProblemDetails InvalidProblem(InvalidRequestException invalid)
    {
        var problem = ApiProblem.InvalidDetails(invalid.Errors, invalid.Code);
        foreach (var (name, value) in invalid.Extensions)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    /// <summary>
    /// Maps database errors to HTTP. Endpoints handle the cases that they expect; this is the safety net for races and for values at the
    /// edge of a type.
    /// </summary>
    private static ProblemDetails? DatabaseProblem(Exception exception) => Unwrap(exception) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } =>
            Problem(StatusCodes.Status409Conflict, "A resource with the same unique values exists."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: { } name }
            when name.Contains("_users_", StringComparison.Ordinal) =>
            // The token was valid when the request began; the account has been deleted since.
            Problem(StatusCodes.Status401Unauthorized, "The account of this token no longer exists."),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } =>
            Problem(StatusCodes.Status404NotFound, "Something that the request refers to no longer exists."),
        PostgresException
        {
            SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation
                or PostgresErrorCodes.StringDataRightTruncation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter
                or PostgresErrorCodes.DatetimeFieldOverflow
        } => Problem(StatusCodes.Status400BadRequest, "A value is outside the range that the database stores."),
        PostgresException { IsTransient: true } or NpgsqlException and not PostgresException or TimeoutException =>
            Problem(StatusCodes.Status503ServiceUnavailable),
        _ => null,
    };

    private static Exception Unwrap(Exception exception) =>
        exception is DbUpdateException or RetryLimitExceededException && exception.InnerException is { } inner
            ? Unwrap(inner)
            : exception;

    private static ProblemDetails Problem(int status, string? detail = null) => new() { Status = status, Detail = detail };
}

/// <summary>Explains a JSON error in the client's terms: the serializer's own messages name .NET types.</summary>
internal static class JsonErrors
{
    public const string BodyHint = "The body must be one JSON value of the documented shape, in UTF-8; see /openapi/v1.json.";

    public static readonly string[] Required = ["This field is required."];
    public static readonly string[] Unknown = ["Unknown field."];
    public static readonly string[] OfAnotherType = ["The value is not of the documented type."];

    public static HttpValidationProblemDetails ToProblem(JsonException exception) =>
        ToProblem(new BodyErrors(ByField(exception), !FrameworkMessages.MissingProperties(exception).Any()));

    public static HttpValidationProblemDetails ToProblem(BodyErrors errors) => new(errors.ByField)
    {
        Status = StatusCodes.Status400BadRequest,
        Detail = BodyHint,
        Extensions = { ["code"] = errors.IsMalformed ? ProblemCodes.MalformedBody : ProblemCodes.ValidationFailed },
    };

    /// <summary>What is wrong, by field; <c>$</c> stands for the whole value.</summary>
    public static Dictionary<string, string[]> ByField(JsonException exception)
    {
        var missing = FrameworkMessages.MissingProperties(exception).ToDictionary(name => name, _ => Required);
        if (missing.Count > 0)
        {
            return missing;
        }

        // A JsonNode is parsed without a path; only the message names a duplicate.
        var path = exception.Path ?? FrameworkMessages.DuplicateProperty(exception) ?? "$";
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        return new() { [field] = [exception is RejectedValueException ? exception.Message : Reason(exception)] };
    }

    private static string Reason(JsonException exception) => exception switch
    {
        _ when FrameworkMessages.IsUnknownProperty(exception) => Unknown[0],
        _ when FrameworkMessages.DuplicateProperty(exception) is not null => "This field appears twice.",
        _ when FrameworkMessages.IsTooDeep(exception) => "The value is nested too deeply.",
        _ when FrameworkMessages.IsOfAnotherType(exception) => OfAnotherType[0],
        _ => $"This is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).",
    };
}
