using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace MovieAspire.Api.Protocol.Problems;

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
