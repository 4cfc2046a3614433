using MovieAspire.Admin.Layout;
using MudBlazor.Services;

namespace MovieAspire.Admin;

/// <summary>The pages, and what browsers may do with them.</summary>
internal static class PageExtensions
{
    /// <summary>How long a browser that lost its connection finds its page as it was.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(15);

    /// <summary>No script but the site's files. Styles within the page are what MudBlazor works with.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DisconnectedCircuitRetentionPeriod = Retention;
            options.DisconnectedCircuitMaxRetained = 200;
        });
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomCenter;
            // Those beyond it would wait until others are gone. Of all, site.css shows the latest.
            options.SnackbarConfiguration.MaxDisplayedSnackbars = int.MaxValue;
            options.SnackbarConfiguration.NewestOnTop = true;
        });
        services.AddScoped<PageDialogs>();
        services.AddScoped<ListAddresses>();
        return services;
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>()
            // In ContentPolicy already.
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        return next(context);
    });
}
