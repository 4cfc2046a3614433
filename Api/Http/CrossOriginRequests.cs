using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>CORS: lets scripts of other web sites use the API from a browser.</summary>
internal static class CrossOriginExtensions
{
    public static void AddCrossOriginRequests(this IServiceCollection services)
    {
        services.AddOptions<OriginOptions>().BindConfiguration(OriginOptions.Section)
            .Validate(
                options => options.List.All(OriginOptions.IsOrigin),
                $"{OriginOptions.Section}:{nameof(OriginOptions.Origins)} must be origins such as https://movies.example.org, "
                + "separated by commas, or *.")
            .ValidateOnStart();
        services.AddCors();
        services.ConfigureOptions<CorsSetup>();
    }

    /// <summary>
    /// Answers browsers, and tells caches that responses differ by origin. The framework tells it only to origins that are allowed: a cache
    /// would give a script the response that it stored for a request of another origin, or of none.
    /// </summary>
    public static void UseCrossOriginRequests(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OriginOptions>>().Value.List is { Length: > 0 } origins && !origins.Contains("*"))
        {
            app.Use((context, next) =>
            {
                context.Response.OnStarting(VaryByOriginAsync, context.Response);
                return next(context);
            });
        }

        app.UseCors();
    }

    private static Task VaryByOriginAsync(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }
}

/// <summary>The allowed origins; section <c>Cors</c> of the configuration.</summary>
internal sealed class OriginOptions
{
    public const string Section = "Cors";

    /// <summary>Origins, separated by commas; <c>*</c> allows all. By default none is allowed.</summary>
    public string Origins { get; set; } = "";

    public string[] List => Origins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static bool IsOrigin(string text) =>
        text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.GetLeftPart(UriPartial.Authority) == text);
}

/// <summary>The framework's options.</summary>
internal sealed class CorsSetup(IOptions<OriginOptions> origins) : IConfigureOptions<CorsOptions>
{
    /// <summary>The response headers that scripts may read, in addition to the CORS-safelisted ones.</summary>
    private static readonly string[] Exposed =
    [
        HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.Allow, HeaderNames.WWWAuthenticate,
        "RateLimit", "RateLimit-Policy", "Idempotency-Replayed",
    ];

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    // No AllowCredentials: scripts send a token in a header, and there are no cookies.
    public void Configure(CorsOptions options) => options.AddDefaultPolicy(policy => policy
        .WithOrigins(origins.Value.List)
        .AllowAnyHeader()
        .AllowAnyMethod()
        .WithExposedHeaders(Exposed)
        .SetPreflightMaxAge(PreflightLifetime));
}
