using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Gives the activity of a request the name and the attributes of OpenTelemetry's semantic conventions for HTTP servers, which
/// ASP.NET Core 10 leaves to others. The query stays out: it may hold what people typed.
/// </summary>
internal static class RequestTracing
{
    public static void Begin(Activity activity, HttpContext context)
    {
        var request = context.Request;
        activity.SetTag("http.request.method", request.Method);
        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", request.Path.Value);
        activity.SetTag("server.address", request.Host.Host);
        activity.SetTag("server.port", request.Host.Port);
        activity.SetTag("network.protocol.version", request.Protocol[(request.Protocol.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        activity.DisplayName = request.Method;
    }

    public static void End(Activity activity, HttpContext context)
    {
        // The exception handler runs the pipeline again, so the endpoint that failed is the feature's.
        var failure = context.Features.Get<IExceptionHandlerFeature>();
        var endpoint = failure?.Endpoint ?? context.GetEndpoint();
        if (endpoint is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{context.Request.Method} {route}";
        }

        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        if (failure?.Error is { } error)
        {
            activity.AddException(error);
        }

        if (status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetTag("error.type", failure?.Error.GetType().FullName ?? $"{status}");
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
