using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;

namespace MovieAspire.Api.Http;

/// <summary>What a request may cost: how many, how large, how long.</summary>
internal static class RequestLimitExtensions
{
    /// <summary>The longest body that an operation takes, but for the import: a review of the longest text, escaped.</summary>
    private const long MaxBodyBytes = 256 * 1024;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);

    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations();
        builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = MaxDuration });
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json", "application/x-ndjson"];
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
    }

    /// <summary>Compression; outermost but for the error documents.</summary>
    public static void UseCompression(this WebApplication app) =>
        // Answers with tokens in them are not compressed: their length would tell of what is inside (BREACH).
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api/v1/auth"), branch => branch.UseResponseCompression());

    /// <summary>The limit of number; after authentication, which tells whom to count.</summary>
    public static void UseRateLimits(this WebApplication app) => app.UseMiddleware<RateLimits>();
}

/// <summary>Bytes that an operation takes, where it takes more than others.</summary>
internal sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
