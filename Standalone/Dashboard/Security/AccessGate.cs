using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MovieAspire.Standalone.Dashboard.Security;

/// <summary>Sends whoever is not logged in to the login page; scripts get a 401.</summary>
internal static class AccessGate
{
    public static void UseAccess(this IApplicationBuilder app)
    {
        var access = app.ApplicationServices.GetRequiredService<Access>();
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path;
            if (path == "/login" || path.StartsWithSegments("/assets") || access.IsLoggedIn(context) || access.IsScript(context))
            {
                await next();
            }
            else if (path.StartsWithSegments("/api"))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsJsonAsync(new { error = $"Send the login token of the dashboard's URL in the header {Access.ApiKeyHeader}." });
            }
            else if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal))
            {
                context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(path + context.Request.QueryString)}");
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        });
    }
}
