namespace MovieAspire.Api.Http;

/// <summary>HEAD is answered as GET is; the server itself leaves the body out (RFC 9110, 9.3.2).</summary>
internal static class HeadRequestExtensions
{
    public static void UseHead(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });
}
