using Microsoft.AspNetCore.WebUtilities;
using MovieAspire.Api.Accounts;
using MovieAspire.Api.Protocol.Problems;
using MovieAspire.Data;

namespace MovieAspire.Api.Protocol.Idempotency;

/// <summary>
/// Honours <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): the same key and request replay the first answer, the same
/// key with another request is a 422. Keys are each person's own and are kept for a day.
/// </summary>
internal sealed class Idempotency(RequestDelegate next)
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
