using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>Which web sites' scripts may use the API from a browser; section <c>Cors</c> of the configuration. None unless given.</summary>
internal sealed class CorsSettings
{
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://movies.example.org</c>, separated by commas or spaces; <c>*</c> is all.</summary>
    public string Origins { get; set; } = "";
}

internal static class CrossOriginExtensions
{
    /// <summary>The response headers that scripts may read, beside the few that browsers always show.</summary>
    private static readonly string[] Exposed =
    [
        HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.Allow, HeaderNames.WWWAuthenticate,
        "RateLimit", "RateLimit-Policy", "Idempotency-Replayed",
    ];

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    public static void AddCrossOriginRequests(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(CorsSettings.Section).Get<CorsSettings>() ?? new();
        var origins = settings.Origins.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.FirstOrDefault(origin => origin != "*" && !IsOrigin(origin)) is { } wrong)
        {
            throw new InvalidOperationException(
                $"{CorsSettings.Section}:{nameof(CorsSettings.Origins)} has '{wrong}', which is no origin such as https://movies.example.org.");
        }

        // Tokens are sent by the script itself, so no cookies and no credentials are needed.
        builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightLifetime)));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.GetLeftPart(UriPartial.Authority) == text;
}
