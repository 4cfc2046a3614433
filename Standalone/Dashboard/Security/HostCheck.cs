using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MovieAspire.Standalone.Dashboard.Security;

/// <summary>
/// Refuses requests for another host name than loopback's: a page of the internet can have its own name point to 127.0.0.1
/// (DNS rebinding), and its requests then carry that name.
/// </summary>
internal static class HostCheck
{
    public static void UseHostCheck(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (IsLoopback(context.Request.Host.Host))
        {
            await next();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        await context.Response.WriteAsync("The dashboard answers to localhost only.");
    });

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
