using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Http.Resilience;
using MovieAspire.Admin.SignIn;
using Polly;
using Polly.CircuitBreaker;

namespace MovieAspire.Admin.Connection;

/// <summary>How the site reaches the API: by the name that the AppHost gives it, as the user who is signed in.</summary>
internal static class ConnectionExtensions
{
    public static IServiceCollection AddApiConnection(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.AddHttpClient(ApiConnection.Name)
            // A page keeps its handler as long as it is open, so DNS changes are picked up by renewing connections instead.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddServiceDiscovery()
            .AddStandardResilienceHandler(ConfigureResilience);
        // After the resilience handler, so that it looks at each try.
        services.AddHttpClient(ApiConnection.Name).AddHttpMessageHandler(() => new LivenessHandler());
        services.AddHttpClient(ApiConnection.StreamingName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddServiceDiscovery()
            .AddHttpMessageHandler(() => new LivenessHandler());
        services.AddSingleton<ApiConnection>();

        // The scope is a circuit, or the request of a page that is not interactive.
        services.AddScoped(scope => scope.GetRequiredService<SessionStore>().GetSession(
            scope.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync().GetAwaiter().GetResult().User));
        services.AddScoped<LateAnswers>();
        services.AddScoped(scope => scope.GetRequiredService<ApiConnection>().As(
            scope.GetRequiredService<ApiSession>(), scope.GetRequiredService<LateAnswers>()));
        return services;
    }

    /// <summary>A user waits: a restart of the API is waited for, and what does not answer is told soon.</summary>
    private static void ConfigureResilience(HttpStandardResilienceOptions options)
    {
        // 12 s of them, where nothing listens.
        options.Retry.MaxRetryAttempts = 24;
        options.Retry.Delay = TimeSpan.FromMilliseconds(500);
        options.Retry.BackoffType = DelayBackoffType.Constant;
        // The API's limits are per minute: to wait for them would look as if nothing happened.
        options.Retry.ShouldRetryAfterHeader = false;
        options.Retry.ShouldHandle = attempt => ValueTask.FromResult(
            IsUnsent(attempt.Outcome.Exception) || (attempt.AttemptNumber < 2 && MayBeRepeated(attempt.Context, attempt.Outcome)));
        // The API answers after 30 s in any case.
        options.AttemptTimeout.Timeout = options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(35);
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(90);
        // One user's refused requests must not stop everybody's.
        options.CircuitBreaker.ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException);
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(1);
    }

    /// <summary>The API never got the request, so it can be sent whatever it does.</summary>
    private static bool IsUnsent(Exception? exception) => exception is BrokenCircuitException
        or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private static bool MayBeRepeated(ResilienceContext context, Outcome<HttpResponseMessage> outcome) =>
        context.GetRequestMessage()?.Method.Method is "GET" or "HEAD"
        && (outcome.Exception is HttpRequestException || (int?)outcome.Result?.StatusCode is 502 or 503);
}
