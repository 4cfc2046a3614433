using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>The methods that routing does not know (RFC 9110, 9.3): HEAD and OPTIONS, at every address.</summary>
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

    /// <summary>Answers OPTIONS with the methods of the address, and completes them where another method is refused.</summary>
    public static void UseAllowedMethods(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode != StatusCodes.Status405MethodNotAllowed || response.HasStarted)
        {
            return;
        }

        var allowed = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        string[] head = allowed.Contains(HttpMethods.Get) ? [HttpMethods.Head] : [];
        response.Headers.Allow = string.Join(", ", allowed.Union([.. head, HttpMethods.Options]).Order());
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
        }
    });
}
