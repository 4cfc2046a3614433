using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using MovieAspire.Api.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>Marks an operation that honours <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;

/// <summary>Lets POSTs be repeated.</summary>
internal static class IdempotencyExtensions
{
    /// <summary>Replays the first answer to a request that comes again with its <c>Idempotency-Key</c>. The operation must require an account.</summary>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new IdempotentMetadata())
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

/// <summary>
/// Honours <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): the same key and request replay the first answer, the same
/// key with another request is a 422. Keys are each person's own and are kept for a day.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next)
{
    public const string Header = "Idempotency-Key";

    /// <summary>A longer answer, such as an import's of many rejected lines, is not kept, and its request runs again: an import may.</summary>
    private const int MaxKeptBytes = 1024 * 1024;

    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "ETag", "Cache-Control"];

    public async Task InvokeAsync(HttpContext context, MovieDbContext db)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null || !context.Request.Headers.TryGetValue(Header, out var header))
        {
            await next(context);
            return;
        }

        if (header is not [{ Length: > 0 and <= Limits.IdempotencyKey } key] || string.IsNullOrWhiteSpace(key))
        {
            throw new InvalidRequestException(Header, $"The key must come once and have 1 to {Limits.IdempotencyKey} characters.");
        }

        var (user, hash) = (context.User.Id(), await RequestHash.OfAsync(context.Request, context.RequestAborted));
        var store = new IdempotencyStore(db);
        if (await store.ClaimAsync(user, key, hash, context.RequestAborted) is { } id)
        {
            await RunAsync(context, store, id);
            return;
        }

        var kept = await store.FindAsync(user, key, context.RequestAborted);
        await Replay.Of(kept, hash).ExecuteAsync(context);
    }

    /// <summary>Runs the request, keeps its answer, and only then sends it: an answer that was seen is one that will be replayed.</summary>
    private async Task RunAsync(HttpContext context, IdempotencyStore store, long id)
    {
        var destination = context.Response.Body;
        await using var aside = new FileBufferingWriteStream();
        context.Response.Body = aside;
        var isKept = false;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            context.Response.Body = destination;
            if (context.Response.StatusCode < StatusCodes.Status500InternalServerError && aside.Length <= MaxKeptBytes)
            {
                using var body = new MemoryStream();
                await aside.DrainBufferAsync(body, CancellationToken.None);
                await store.KeepAsync(id, new(context.Response.StatusCode, HeadersOf(context.Response), body.ToArray()));
                isKept = true;
                await context.Response.WriteBodyAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
            }
            else
            {
                await aside.DrainBufferAsync(destination, context.RequestAborted);
            }
        }
        finally
        {
            context.Response.Body = destination;
            if (!isKept)
            {
                await store.ReleaseAsync(id);
            }
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpResponse response) =>
        KeptHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString());
}

/// <summary>The answer to a request whose key is taken.</summary>
internal static class Replay
{
    public static IResult Of(StoredRequest? kept, byte[] hash) => kept switch
    {
        { Hash: var first } when !CryptographicOperations.FixedTimeEquals(first, hash) => Refuse(
            StatusCodes.Status422UnprocessableEntity, ProblemCodes.IdempotencyKeyReused, "This key came with another request before; use a new key for a new request."),
        { Answer: { } answer } => new KeptResult(answer),
        // Still running, or it failed a moment ago and has given the key back.
        _ => Refuse(StatusCodes.Status409Conflict, ProblemCodes.IdempotencyInProgress, "The first request with this key is still running; try again shortly."),
    };

    private static ProblemHttpResult Refuse(int status, string code, string detail) => TypedResults.Problem(
        statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });

    private sealed class KeptResult(StoredResponse answer) : IResult
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

/// <summary>SHA-256 over what a request asks for: method, address, type and body.</summary>
internal static class RequestHash
{
    /// <summary>Reads the body, aside in a file once it is long, and lets it be read again.</summary>
    public static async Task<byte[]> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}

/// <summary>Sends a body that is there as bytes.</summary>
internal static class ResponseBody
{
    /// <summary>An empty one starts no response, so that a bare 404 still becomes a problem document.</summary>
    public static ValueTask WriteBodyAsync(this HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        body.IsEmpty ? ValueTask.CompletedTask : response.Body.WriteAsync(body, cancellationToken);
}
