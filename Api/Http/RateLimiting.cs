using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Identity;

namespace MovieAspire.Api.Http;

/// <summary>
/// Limits requests per user, or per address if anonymous, and the number of concurrent requests. Each replica counts for itself.
/// </summary>
internal static class RateLimitExtensions
{
    public static void AddRateLimiting(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.ConfigureOptions<RateLimiterSetup>();
    }

    /// <summary>After authentication: the limits are per user.</summary>
    public static void UseRateLimiting(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;
        var limits = app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseRateLimiter().Use((context, next) =>
        {
            RateLimitFields.Write(context, limiter, limits);
            return next(context);
        }));
    }

    /// <summary>
    /// Refuses requests beyond the limit of concurrent ones, so that the admitted requests finish in time and the others fail fast.
    /// </summary>
    public static RouteGroupBuilder WithOverloadProtection(this RouteGroupBuilder group) =>
        group.RequireRateLimiting(RateLimitPolicies.Concurrency);

    /// <summary>Counts requests against this policy instead of the one of their method.</summary>
    public static TBuilder WithRateLimit<TBuilder>(this TBuilder builder, string policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimitMetadata(policy));
}

/// <summary>Requests per minute and client, and emails per mailbox; section <c>RateLimits</c> of the configuration.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan EmailWindow = TimeSpan.FromHours(1);

    [Range(1, int.MaxValue)]
    public int Reads { get; set; } = 1200;

    [Range(1, int.MaxValue)]
    public int Writes { get; set; } = 300;

    [Range(1, int.MaxValue)]
    public int Accounts { get; set; } = 20;

    /// <summary>How many emails of a kind one mailbox gets within <see cref="EmailWindow"/>.</summary>
    [Range(1, int.MaxValue)]
    public int Emails { get; set; } = 5;

    /// <summary>How many requests of all clients run at once, apart from imports and exports.</summary>
    [Range(1, int.MaxValue)]
    public int Concurrent { get; set; } = 32 * Environment.ProcessorCount;

    /// <summary>
    /// How many imports and exports of all clients run at once. Each has a connection to the database until its client is done.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int Bulk { get; set; } = 8;

    public int GetLimit(string policy) => policy switch
    {
        RateLimitPolicies.Reads => Reads,
        RateLimitPolicies.Writes => Writes,
        _ => Accounts,
    };
}

/// <summary>Names of the policies, as the RateLimit fields show them.</summary>
internal static class RateLimitPolicies
{
    public const string Reads = "reads";
    public const string Writes = "writes";

    /// <summary>Registration, login and the like: guesses at other users' accounts, limited per address.</summary>
    public const string Accounts = "accounts";

    /// <summary>All requests at once, of whatever client.</summary>
    public const string Concurrency = "concurrency";

    /// <summary>Imports and exports at once: slow clients must not keep the others out.</summary>
    public const string Bulk = "bulk";

    /// <summary>The policy and the client that a request counts against.</summary>
    public static (string Policy, string Client) GetPartition(HttpContext context)
    {
        var policy = context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>()?.Policy
            ?? (HttpMethods.IsGet(context.Request.Method) ? Reads : Writes);
        return policy != Accounts && context.User.TryGetUserId() is { } user
            ? (policy, $"user {user}")
            : (policy, $"{context.Connection.RemoteIpAddress}");
    }
}

/// <summary>The policy of an endpoint, where its method does not decide.</summary>
internal sealed record RateLimitMetadata(string Policy);

/// <summary>
/// One global limiter with a partition per policy and client. The limiters of <c>RequireRateLimiting</c> are private to the middleware, so
/// that the RateLimit fields could not show what remains.
/// </summary>
internal sealed class RateLimiterSetup(IOptions<RateLimitOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions options)
    {
        var limiter = PartitionedRateLimiter.Create<HttpContext, (string Policy, string Client)>(context =>
            RateLimitPartition.GetFixedWindowLimiter(RateLimitPolicies.GetPartition(context), partition => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.Value.GetLimit(partition.Policy),
                Window = RateLimitOptions.Window,
            }));
        options.GlobalLimiter = limiter;
        options.AddConcurrencyLimiter(RateLimitPolicies.Concurrency, concurrency => concurrency.PermitLimit = limits.Value.Concurrent);
        options.AddConcurrencyLimiter(RateLimitPolicies.Bulk, bulk => bulk.PermitLimit = limits.Value.Bulk);
        // Only fixed windows report when to retry.
        options.OnRejected = (rejected, _) => new(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
            ? RefuseClientAsync(rejected.HttpContext, limiter, (int)Math.Ceiling(wait.TotalSeconds))
            : RefuseOverloadAsync(rejected.HttpContext));
    }

    private Task RefuseClientAsync(HttpContext context, PartitionedRateLimiter<HttpContext> limiter, int seconds)
    {
        RateLimitFields.Write(context, limiter, limits.Value, seconds);
        context.Response.Headers.RetryAfter = $"{seconds}";
        return ApiProblem.Create(
            StatusCodes.Status429TooManyRequests,
            ProblemCodes.TooManyRequests,
            "Too many requests in one minute. Retry after the number of seconds in Retry-After.").ExecuteAsync(context);
    }

    private static Task RefuseOverloadAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return ApiProblem.Create(
            StatusCodes.Status503ServiceUnavailable,
            ProblemCodes.Unavailable,
            "Too many requests at once. Retry after the number of seconds in Retry-After.").ExecuteAsync(context);
    }
}

/// <summary>The RateLimit fields of draft-ietf-httpapi-ratelimit-headers, which ASP.NET Core does not write.</summary>
internal static class RateLimitFields
{
    public static void Write(
        HttpContext context, PartitionedRateLimiter<HttpContext> limiter, RateLimitOptions limits, int? retrySeconds = null)
    {
        var (policy, _) = RateLimitPolicies.GetPartition(context);
        var remaining = limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0;
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = $"\"{policy}\";q={limits.GetLimit(policy)};w={(int)RateLimitOptions.Window.TotalSeconds}";
        headers["RateLimit"] = retrySeconds is null ? $"\"{policy}\";r={remaining}" : $"\"{policy}\";r={remaining};t={retrySeconds}";
    }
}
