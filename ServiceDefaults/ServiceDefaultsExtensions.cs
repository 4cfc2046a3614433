using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MovieAspire.ServiceDefaults;

/// <summary>What every service of the application has: telemetry, health endpoints, the database.</summary>
public static class ServiceDefaultsExtensions
{
    private const string Live = "live";
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Adds settings from secret files, telemetry, and a health check that a running process passes.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Configuration.AddSecretFiles();
        builder.ConfigureOpenTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        builder.Services.PostConfigure<HealthCheckServiceOptions>(LimitChecks);
        builder.Services.AddTransient<IStartupFilter, RequestTracingStartupFilter>();
        return builder;
    }

    /// <summary>Registers the context for the database that the AppHost calls <c>moviedb</c>.</summary>
    public static void AddDatabase<TContext>(this IHostApplicationBuilder builder, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext =>
        builder.AddNpgsqlDbContext<TContext>(ResourceNames.Database, configureDbContextOptions: configure);

    /// <summary>Maps <c>/health</c> (ready to serve: every check passes) and <c>/alive</c> (the process answers).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPaths.Ready, new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync })
            .DisableHttpMetrics();
        app.MapHealthChecks(
            HealthPaths.Alive,
            new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync, Predicate = check => check.Tags.Contains(Live) })
            .DisableHttpMetrics();
        return app;
    }

    // The database's check repeats its attempts for up to a minute; who asks for health wants to know it now.
    private static void LimitChecks(HealthCheckServiceOptions options)
    {
        foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
        {
            check.Timeout = CheckTimeout;
        }
    }
}
