using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Protocol.Idempotency;

/// <summary>The answer to a request whose key is taken.</summary>
internal static class Replay
{
    public static IResult Of(KeptRequest? kept, byte[] hash) => kept switch
    {
        { Hash: var first } when !CryptographicOperations.FixedTimeEquals(first, hash) => Refuse(
            StatusCodes.Status422UnprocessableEntity, ProblemCodes.IdempotencyKeyReused, "This key came with another request before; use a new key for a new request."),
        { Answer: { } answer } => new KeptResult(answer),
        // Still running, or it failed a moment ago and has given the key back.
        _ => Refuse(StatusCodes.Status409Conflict, ProblemCodes.IdempotencyInProgress, "The first request with this key is still running; try again shortly."),
    };

    private static ProblemHttpResult Refuse(int status, string code, string detail) => TypedResults.Problem(
        statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });

    private sealed class KeptResult(KeptAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers)
            {
                response.Headers[name] = value;
            }

            response.Headers["Idempotency-Replayed"] = "true";
            await response.WriteBodyAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
