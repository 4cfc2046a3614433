namespace MovieAspire.Api.Http;

/// <summary>Answers HEAD like GET; the server omits the body (RFC 9110, 9.3.2).</summary>
internal static class HeadRequestExtensions
{
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });
}
