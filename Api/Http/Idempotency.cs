using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore.Storage;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Http;

/// <summary>Marks an endpoint that supports <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;

/// <summary>Registers endpoints that support <c>Idempotency-Key</c>.</summary>
internal static class IdempotencyExtensions
{
    /// <summary>Replays the first response to a request that is sent again with its key. The endpoint must require an account.</summary>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new IdempotentMetadata())
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

/// <summary>
/// Supports <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): the same key and request replay the first response, the
/// same key with another request is a 422. Keys belong to a user and are stored for a day.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, IServiceScopeFactory scopes)
{
    public const string Header = "Idempotency-Key";

    /// <summary>A longer response (of an import with many rejected lines) is not stored; a retry runs the import again.</summary>
    private const int MaxStoredBytes = 1024 * 1024;

    /// <summary>Much shorter than the time after which a claim expires, so that several renewals may fail.</summary>
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(5);

    private static readonly string[] StoredHeaders = ["Content-Type", "Location", "ETag", "Cache-Control"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null
            || !context.Request.Headers.TryGetValue(Header, out var header))
        {
            await next(context);
            return;
        }

        if (header is not [{ Length: > 0 and <= Limits.IdempotencyKey } key] || string.IsNullOrWhiteSpace(key))
        {
            throw new InvalidRequestException(Header, $"Send exactly one key of 1 to {Limits.IdempotencyKey} characters.");
        }

        var (user, hash) = (context.User.GetUserId(), await HashAsync(context.Request, context.RequestAborted));
        var store = new IdempotencyStore(context.RequestServices.GetRequiredService<MovieDbContext>());
        if (await store.ClaimAsync(user, key, hash, context.RequestAborted) is { } id)
        {
            await RunAsync(context, store, id);
        }
        else
        {
            await ReplayAsync(context, await store.FindAsync(user, key, context.RequestAborted), hash);
        }
    }

    /// <summary>SHA-256 of method, address, content type and body. Buffers the body, so that it can be read again.</summary>
    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken cancellationToken)
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

    /// <summary>Runs the request, stores its response and only then sends it: a response that was seen can be replayed.</summary>
    private async Task RunAsync(HttpContext context, IdempotencyStore store, long id)
    {
        var destination = context.Response.Body;
        await using var buffer = new FileBufferingWriteStream();
        context.Response.Body = buffer;
        var isStored = false;
        using var ended = new CancellationTokenSource();
        var renewal = RenewAsync(id, ended.Token);
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            context.Response.Body = destination;
            if (context.Response.StatusCode < StatusCodes.Status500InternalServerError && buffer.Length <= MaxStoredBytes)
            {
                using var body = new MemoryStream();
                await buffer.DrainBufferAsync(body, CancellationToken.None);
                var response = new StoredResponse(context.Response.StatusCode, HeadersToStore(context.Response), body.ToArray());
                await store.StoreAsync(id, response);
                isStored = true;
                await WriteAsync(context, response.Body);
            }
            else
            {
                await buffer.DrainBufferAsync(destination, context.RequestAborted);
            }
        }
        finally
        {
            context.Response.Body = destination;
            await ended.CancelAsync();
            await renewal;
            if (!isStored)
            {
                await store.ReleaseAsync(id);
            }
        }
    }

    /// <summary>Renews the claim until the request has ended, however long that takes.</summary>
    private async Task RenewAsync(long id, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(RenewalInterval);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(ended);
                await using var scope = scopes.CreateAsyncScope();
                await new IdempotencyStore(scope.ServiceProvider.GetRequiredService<MovieDbContext>()).RenewAsync(id, ended);
            }
            catch (OperationCanceledException)
            {
                // The request has ended.
            }
            catch (Exception e) when (e is NpgsqlException or RetryLimitExceededException)
            {
                // A later renewal may succeed before the claim expires.
            }
        }
    }

    private static async Task ReplayAsync(HttpContext context, StoredRequest? stored, byte[] hash)
    {
        if (stored is not null && !CryptographicOperations.FixedTimeEquals(stored.Hash, hash))
        {
            await ApiProblem.Create(
                StatusCodes.Status422UnprocessableEntity,
                ProblemCodes.IdempotencyKeyReused,
                "This key was used with another request; use a new key for a new request.").ExecuteAsync(context);
        }
        else if (stored?.Response is { } response)
        {
            context.Response.StatusCode = response.Status;
            foreach (var (name, value) in response.Headers)
            {
                context.Response.Headers[name] = value;
            }

            context.Response.Headers["Idempotency-Replayed"] = "true";
            await WriteAsync(context, response.Body);
        }
        else
        {
            // The first request is still running, or has just failed and released the key.
            await ApiProblem.Create(
                StatusCodes.Status409Conflict,
                ProblemCodes.IdempotencyInProgress,
                "The first request with this key is still running; try again shortly.").ExecuteAsync(context);
        }
    }

    /// <summary>An empty body does not start the response, so that a bare 404 still becomes a problem document.</summary>
    private static ValueTask WriteAsync(HttpContext context, ReadOnlyMemory<byte> body) =>
        body.IsEmpty ? ValueTask.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted);

    private static Dictionary<string, string> HeadersToStore(HttpResponse response) =>
        StoredHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString());
}
