using Microsoft.AspNetCore.Http;

namespace MovieAspire.Standalone.Dashboard.Security;

/// <summary>
/// Who may see the pages and use the HTTP API: a browser that logged in with the token (it then holds a cookie), or a
/// script that sends the token. Cookies are shared by all ports of a host, so the cookie's name holds the port, and its value
/// is not the token.
/// </summary>
internal sealed class Access(DashboardOptions options)
{
    /// <summary>The header in which a script sends the login token.</summary>
    public const string ApiKeyHeader = "x-api-key";

    /// <summary>The form field that proves that a form came from a page of the dashboard.</summary>
    public const string FormField = "_form";

    private readonly string _session = Secret.New();

    /// <summary>Only pages hold it, and only those who logged in see pages.</summary>
    public string FormToken { get; } = Secret.New();

    public bool IsLoggedIn(HttpContext context) => Secret.Equal(context.Request.Cookies[CookieName(context)], _session);

    public bool IsScript(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && Secret.Equal(context.Request.Headers[ApiKeyHeader], options.LoginToken);

    /// <summary>Logs the browser in if it knows the token.</summary>
    public bool TryLogIn(HttpContext context, string? token)
    {
        if (!Secret.Equal(token, options.LoginToken))
        {
            return false;
        }

        // Lax, so that a click on the URL in a terminal or an editor arrives logged in.
        context.Response.Cookies.Append(CookieName(context), _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
        return true;
    }

    /// <summary>Whether a form was sent by a page of the dashboard rather than by another site in the same browser.</summary>
    public bool IsOwnForm(HttpContext context, string? formToken)
    {
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none" && Secret.Equal(formToken, FormToken);
    }

    private static string CookieName(HttpContext context) => $"dashboard-{context.Request.Host.Port ?? 80}";
}
