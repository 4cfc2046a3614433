using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Standalone.Dashboard.Security;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>Logs a browser in: with the printed address by one click, or with the pasted token.</summary>
internal static class LoginEndpoints
{
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", context => LogInAsync(context, context.Request.Query["t"]));
        app.MapPost("/login", async context =>
            await LogInAsync(context, context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["t"].ToString() : ""));
    }

    private static async Task LogInAsync(HttpContext context, string? token)
    {
        var returnUrl = LocalUrl(context.Request.Query["returnUrl"]);
        var access = context.RequestServices.GetRequiredService<Access>();
        if (access.TryLogIn(context, token) || access.IsLoggedIn(context))
        {
            context.Response.Redirect(returnUrl);
            return;
        }

        context.Response.StatusCode = token is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        var parameters = new Dictionary<string, object?> { [nameof(LoginPage.IsWrong)] = token is not null, [nameof(LoginPage.ReturnUrl)] = returnUrl };
        await context.Response.WriteAsync(
            await context.RequestServices.GetRequiredService<PageRenderer>().RenderAsync<LoginPage>(parameters), context.RequestAborted);
    }

    // A link to the login page must not send the person on to another site ("//evil", "/\evil").
    private static string LocalUrl(string? url) =>
        url is ['/', not ('/' or '\\'), ..] or "/" && !url.AsSpan().ContainsAnyInRange('\0', '\x1f') ? url : "/";
}
