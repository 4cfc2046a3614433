using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Identity;

namespace MovieAspire.Api.Http;

/// <summary>
/// Counts requests by user, or by address where nobody is logged in, and refuses those above the allowance with 429. Every answer tells what is
/// left, in the fields of draft-ietf-httpapi-ratelimit-headers. Each replica counts for itself.
/// </summary>
internal sealed class RateLimits(RequestDelegate next, IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, (RateClass, string)>(context =>
        RateLimitPartition.GetFixedWindowLimiter(KeyOf(context), key => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.Of(key.Item1),
            Window = RateLimitOptions.Window,
        }));

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            await next(context);
            return;
        }

        using var lease = await _limiter.AcquireAsync(context, cancellationToken: context.RequestAborted);
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : (int?)null;
        Tell(context, seconds);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        context.Response.Headers.RetryAfter = $"{seconds ?? (int)RateLimitOptions.Window.TotalSeconds}";
        await TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: "That was too much for a minute; Retry-After tells when to go on.")
            .ExecuteAsync(context);
    }

    public void Dispose() => _limiter.Dispose();

    private void Tell(HttpContext context, int? seconds)
    {
        var (operations, _) = KeyOf(context);
#pragma warning disable CA1308 // The names are part of the protocol and in lower case; nothing is compared.
        var name = operations.ToString().ToLowerInvariant();
#pragma warning restore CA1308
        var left = _limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0;
        context.Response.Headers["RateLimit-Policy"] = $"\"{name}\";q={options.Value.Of(operations)};w={(int)RateLimitOptions.Window.TotalSeconds}";
        context.Response.Headers["RateLimit"] = seconds is null ? $"\"{name}\";r={left}" : $"\"{name}\";r={left};t={seconds}";
    }

    private static (RateClass Operations, string Who) KeyOf(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method);
        var operations = context.GetEndpoint()?.Metadata.GetMetadata<RateClassMetadata>()?.Operations ?? (isRead ? RateClass.Reads : RateClass.Writes);
        var address = $"{context.Connection.RemoteIpAddress}";
        return (operations, operations == RateClass.Accounts ? address : (context.User.TryGetId() is { } user ? $"user {user}" : address));
    }
}

/// <summary>Requests a minute that one user, or one address, may send; section <c>RateLimits</c> of the configuration.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Range(1, int.MaxValue)]
    public int Reads { get; set; } = 1200;

    [Range(1, int.MaxValue)]
    public int Writes { get; set; } = 300;

    [Range(1, int.MaxValue)]
    public int Accounts { get; set; } = 20;

    public int Of(RateClass operations) => operations switch
    {
        RateClass.Reads => Reads,
        RateClass.Writes => Writes,
        _ => Accounts,
    };
}

/// <summary>Operations that share an allowance. Set as metadata of an endpoint; otherwise its method decides.</summary>
internal enum RateClass
{
    Reads,
    Writes,

    /// <summary>Registering, logging in and the like: guesses at other people's accounts, counted by address.</summary>
    Accounts,
}

/// <summary>Which allowance an operation counts against, where its method does not tell.</summary>
internal sealed record RateClassMetadata(RateClass Operations);
