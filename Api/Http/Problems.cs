using System.Diagnostics;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace MovieAspire.Api.Http;

/// <summary>Makes every error a problem document (RFC 9457) with a stable <c>code</c>.</summary>
internal static class ProblemExtensions
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before the framework's own writer, which writes nothing when the Accept header does not name JSON.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        // In every environment, not only in development: a body or parameter that cannot be bound throws, and the handler explains it.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        return app;
    }
}

/// <summary>Problems that endpoints and middleware answer with.</summary>
internal static class ApiProblem
{
    public static ProblemHttpResult Create(int status, string code, string detail) =>
        TypedResults.Problem(statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>A 400 with messages by parameter, header or field.</summary>
    public static ProblemHttpResult Invalid(Dictionary<string, string[]> errors) => TypedResults.Problem(InvalidDetails(errors));

    /// <inheritdoc cref="Invalid"/>
    public static HttpValidationProblemDetails InvalidDetails(
        Dictionary<string, string[]> errors, string code = ProblemCodes.ValidationFailed) => new(errors)
    {
        Status = StatusCodes.Status400BadRequest,
        Extensions = { ["code"] = code },
    };
}

/// <summary>An invalid request: a 400 that names the error.</summary>
internal sealed class InvalidRequestException(Dictionary<string, string[]> errors, string code = ProblemCodes.ValidationFailed)
    : Exception(string.Join(' ', errors.Values.SelectMany(messages => messages)))
{
    public InvalidRequestException(string parameter, string message, string code = ProblemCodes.ValidationFailed)
        : this(new Dictionary<string, string[]> { [parameter] = [message] }, code)
    {
    }

    /// <summary>Messages by parameter, header or field, spelled as the client wrote it.</summary>
    public Dictionary<string, string[]> Errors => errors;

    public string Code => code;

    /// <summary>Further members of the problem document.</summary>
    public Dictionary<string, object?> Extensions { get; } = [];
}

/// <summary>The stable <c>code</c> of each problem document, for programs to branch on. A code is never renamed.</summary>
public static class ProblemCodes
{
    public const string BadRequest = "bad_request";
    public const string ValidationFailed = "validation_failed";
    public const string MalformedBody = "malformed_body";
    public const string InvalidCursor = "invalid_cursor";
    public const string Unauthenticated = "unauthenticated";
    public const string LoginFailed = "login_failed";
    public const string SecondFactorRequired = "second_factor_required";
    public const string RecentLoginRequired = "recent_login_required";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string RequestTimeout = "request_timeout";
    public const string Conflict = "conflict";
    public const string AlreadyReviewed = "already_reviewed";
    public const string OwnReview = "own_review";
    public const string PrivateList = "private_list";
    public const string AlreadyReported = "already_reported";
    public const string AlreadyResolved = "already_resolved";
    public const string OwnAccount = "own_account";
    public const string MovieExists = "movie_exists";
    public const string ImdbIdExists = "imdb_id_exists";
    public const string TmdbIdExists = "tmdb_id_exists";
    public const string GenreExists = "genre_exists";
    public const string GenreInUse = "genre_in_use";
    public const string LastAdmin = "last_admin";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string IdempotencyInProgress = "idempotency_in_progress";
    public const string FullSyncRequired = "full_sync_required";
    public const string PreconditionFailed = "precondition_failed";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string PreconditionRequired = "precondition_required";
    public const string TooManyRequests = "too_many_requests";
    public const string InternalError = "internal_error";
    public const string Unavailable = "unavailable";
    public const string Timeout = "timeout";

    /// <summary>The code of a problem that has no more specific one than its status.</summary>
    public static string For(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status409Conflict => Conflict,
        StatusCodes.Status412PreconditionFailed => PreconditionFailed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status428PreconditionRequired => PreconditionRequired,
        StatusCodes.Status429TooManyRequests => TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        StatusCodes.Status504GatewayTimeout => Timeout,
        >= StatusCodes.Status500InternalServerError => InternalError,
        _ => BadRequest,
    };
}

/// <summary>
/// Completes and writes each problem document, whatever the Accept header says: a client that cannot read JSON is still
/// better served by it than by an empty body.
/// </summary>
internal sealed class ProblemWriter(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IProblemDetailsWriter
{
    private const string TypePrefix = "urn:movieaspire:problem:";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        Complete(context.ProblemDetails, http.Response.StatusCode);
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            context.ProblemDetails,
            context.ProblemDetails.GetType(),
            json.Value.SerializerOptions,
            MediaTypeNames.Application.ProblemJson,
            http.RequestAborted);
    }

    private static void Complete(ProblemDetails problem, int responseStatus)
    {
        var status = problem.Status ??= responseStatus;
        var validation = problem as HttpValidationProblemDetails;
        if (!problem.Extensions.TryGetValue("code", out var code))
        {
            code = validation is null ? ProblemCodes.For(status) : ProblemCodes.ValidationFailed;
            problem.Extensions["code"] = code;
            UseJsonNames(validation?.Errors);
        }

        problem.Type = TypePrefix + code;
        problem.Title = validation is null ? ReasonPhrases.GetReasonPhrase(status) : "The request is invalid.";
        problem.Detail ??= validation is null ? Hint(status) : "See errors, which names each field.";
    }

    // The framework's validation uses C# names.
    private static void UseJsonNames(IDictionary<string, string[]>? errors)
    {
        foreach (var (member, messages) in errors?.ToArray() ?? [])
        {
            errors!.Remove(member);
            errors[RequestValidation.JsonName(member)] = [.. messages.Select(message => RequestValidation.UseJsonName(message, member))];
        }
    }

    /// <summary>What a client can do about a status.</summary>
    private static string? Hint(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Log in at /api/v1/auth/login and send the access token as 'Authorization: Bearer …'.",
        StatusCodes.Status403Forbidden => "You are logged in, but your roles do not allow this.",
        StatusCodes.Status404NotFound => "There is nothing at this address that you can see or change.",
        StatusCodes.Status405MethodNotAllowed => "This address does not support the method; the Allow header lists those that it supports.",
        StatusCodes.Status415UnsupportedMediaType =>
            "This operation does not support the Content-Type; /openapi/v1.json lists those that it supports.",
        StatusCodes.Status500InternalServerError => "Internal error. The traceId identifies it in the logs.",
        StatusCodes.Status503ServiceUnavailable => "The service is unavailable; try again shortly.",
        StatusCodes.Status504GatewayTimeout => "The request took too long.",
        _ => null,
    };
}
