using System.Net.Mime;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
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

    public static void AddCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, MediaTypeNames.Application.ProblemJson, MovieBulkEndpoints.Ndjson];
    });

    public static void UseCompression(this WebApplication app) =>
        // Responses with tokens are not compressed: their length would reveal what is inside (BREACH).
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api/v1/auth"), branch => branch.UseResponseCompression());
}
