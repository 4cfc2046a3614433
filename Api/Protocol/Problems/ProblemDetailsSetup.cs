namespace MovieAspire.Api.Protocol.Problems;

/// <summary>Makes every error, whoever notices it, a problem document (RFC 9457) with a stable <c>code</c>.</summary>
internal static class ProblemDetailsSetup
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before the framework's own writer, which stays silent when the Accept header does not name JSON.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        // In every environment alike: a body or parameter that cannot be bound is an exception, which the handler explains.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        return app;
    }
}
