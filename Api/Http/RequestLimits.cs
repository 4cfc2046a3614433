using System.Net.Mime;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using MovieAspire.Api.Movies;

namespace MovieAspire.Api.Http;

/// <summary>Limits of size and duration, and compression.</summary>
internal static class RequestLimitExtensions
{
    /// <summary>The longest body, except for the import: a review with the longest text, escaped.</summary>
    private const long MaxBodyBytes = 256 * 1024;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = MaxDuration });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
    }

    /// <summary>
    /// Ends requests that take too long. An endpoint without a time limit also has no minimum data rate, since its client may produce the
    /// body while sending it, with pauses. By default the server would give up after 5 s.
    /// </summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        app.UseRequestTimeouts();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null)
            {
                context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
            }

            return next(context);
        });
    }

    public static void AddCompression(this IServiceCollection services) => services
        .AddStrictRequestDecompression()
        .AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, MediaTypeNames.Application.ProblemJson, MovieBulkEndpoints.Ndjson];
        });

    public static void UseCompression(this WebApplication app) =>
        // Responses with tokens are not compressed: their length would reveal what is inside (BREACH).
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api/v1/auth"), branch =>
        {
            branch.Use((context, next) =>
            {
                // Add Vary to uncompressed and empty responses, too (RFC 9110, 12.5.5 and 15.4.5): the same response may be compressed for
                // another client.
                context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
                context.Response.OnStarting(EntityTag.MarkEncodingAsync, context.Response);
                return next(context);
            });
            branch.UseResponseCompression();
        });
}
