using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>HEAD and OPTIONS for every path (RFC 9110, 9.3), which ASP.NET Core's routing does not answer.</summary>
internal static class RequestMethodExtensions
{
    /// <summary>Answers HEAD like GET; the server omits the body.</summary>
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });

    /// <summary>Answers OPTIONS with the methods of the path, and completes the Allow header of a 405.</summary>
    public static void UseAllowedMethods(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || !IsRefusedByRouting(context))
        {
            return;
        }

        var methods = MethodsOfAddress(context);
        if (methods.Count == 0)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            response.Headers.Remove(HeaderNames.Allow);
            return;
        }

        response.StatusCode = HttpMethods.IsOptions(context.Request.Method) ? StatusCodes.Status204NoContent : StatusCodes.Status405MethodNotAllowed;
        string[] head = methods.Contains(HttpMethods.Get) ? [HttpMethods.Head] : [];
        response.Headers.Allow = string.Join(", ", methods.Union([.. head, HttpMethods.Options]).Order());
    });

    private static bool IsRefusedByRouting(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => true,
        StatusCodes.Status404NotFound => context.GetEndpoint() is null,
        _ => false,
    };

    /// <summary>
    /// The methods of the endpoints at the path. Routing itself checks methods before constraints: for /movies/import it would return those
    /// of /movies/{id}, and a 404 for GET.
    /// </summary>
    private static HashSet<string> MethodsOfAddress(HttpContext context) =>
    [
        .. context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => IsAt(endpoint.RoutePattern, context))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []),
    ];

    private static bool IsAt(RoutePattern pattern, HttpContext context)
    {
        var values = new RouteValueDictionary();
        var policies = context.RequestServices.GetRequiredService<ParameterPolicyFactory>();
        return new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(context.Request.Path, values)
            && pattern.ParameterPolicies.All(parameter => parameter.Value
                .Select(reference => policies.Create(pattern.GetParameter(parameter.Key), reference))
                .OfType<IRouteConstraint>()
                .All(constraint => constraint.Match(context, null, parameter.Key, values, RouteDirection.IncomingRequest)));
    }
}
