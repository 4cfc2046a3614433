using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Http.Resilience;
using MovieAspire.Admin.SignIn;

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
        services.AddHttpClient(ApiConnection.StreamingName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddServiceDiscovery();
        services.AddSingleton<ApiConnection>();

        // The scope is a circuit, or the request of a page that is not interactive.
        services.AddScoped(scope => scope.GetRequiredService<SessionStore>().GetSession(
            scope.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync().GetAwaiter().GetResult().User));
        services.AddScoped(scope => scope.GetRequiredService<ApiConnection>().As(scope.GetRequiredService<ApiSession>()));
        return services;
    }

    /// <summary>A user waits: what is safe to repeat is repeated soon, and what does not answer is told soon.</summary>
    private static void ConfigureResilience(HttpStandardResilienceOptions options)
    {
        options.Retry.MaxRetryAttempts = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        // The API's limits are per minute: to wait for them would look as if nothing happened.
        options.Retry.ShouldRetryAfterHeader = false;
        options.Retry.ShouldHandle = attempt => ValueTask.FromResult(
            attempt.Outcome.Exception is HttpRequestException || (int?)attempt.Outcome.Result?.StatusCode is 502 or 503);
        options.Retry.DisableForUnsafeHttpMethods();
        // The API answers after 30 s in any case.
        options.AttemptTimeout.Timeout = options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(35);
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(90);
        // One user's refused requests must not stop everybody's.
        options.CircuitBreaker.ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException);
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(1);
    }
}
