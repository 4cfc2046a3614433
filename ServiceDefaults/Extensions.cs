using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MovieAspire.ServiceDefaults;

/// <summary>What the services share: telemetry, health endpoints, settings from secret files, the database.</summary>
public static class Extensions
{
    /// <summary>The prefix of our own activity sources and meters.</summary>
    private const string SourcePrefix = "MovieAspire.";

    /// <summary>The name of the driver's. Aspire's integration adds them only to services with a context.</summary>
    private const string Npgsql = "Npgsql";

    private const string HealthEndpointPath = "/health";
    private const string AlivenessEndpointPath = "/alive";
    private const string Live = "live";
    private static readonly TimeSpan HealthCheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Adds settings from secret files, telemetry, and a health check that a running process passes.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Configuration.AddSecretFiles();
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        return builder;
    }

    /// <summary>
    /// Sends logs, traces and metrics over OTLP. Does nothing without an endpoint in the configuration, because collecting them costs time
    /// in each request.
    /// </summary>
    /// <remarks>Traces contain no health checks, which run every few seconds, and no query strings, which contain what users typed.</remarks>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (!HasTelemetryReceiver(builder))
        {
            return builder;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            .UseOtlpExporter()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(SourcePrefix + "*", Npgsql))
            .WithTracing(tracing => tracing
                .AddSource(SourcePrefix + "*", Npgsql)
                .AddAspNetCoreInstrumentation(ConfigureRequestTracing)
                .AddHttpClientInstrumentation()
                .AddProcessor<UntracedRequestProcessor>());
        return builder;
    }

    /// <summary>Adds the check of <c>/alive</c>, and a timeout to checks without one.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

        // Otherwise an unreachable server would delay the response of /health for as long as connecting takes.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = HealthCheckTimeout;
            }
        });
        return builder;
    }

    /// <summary>Registers the context for the connection string <c>moviedb</c>, with <see cref="ConnectionDefaults"/>.</summary>
    public static void AddDatabase<TContext>(this IHostApplicationBuilder builder, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext =>
        builder.AddNpgsqlDbContext<TContext>(
            "moviedb",
            settings =>
            {
                settings.ConnectionString = settings.ConnectionString is { } given ? ConnectionDefaults.Apply(given) : null;
                // Aspire's strategy would retry for a minute while the database is down, and so delay each response and the start.
                settings.DisableRetry = true;
                settings.DisableTracing = settings.DisableMetrics = !HasTelemetryReceiver(builder);
            },
            options =>
            {
                options.ConfigureWarnings(warnings => warnings
                    // Any row will do for the health check; EF Core would warn of it in each log.
                    .Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning)
                    // A refused statement is often a 409 and not an error. The code that catches the exception decides, and logs it.
                    .Log(
                        (RelationalEventId.CommandError, LogLevel.Debug),
                        (RelationalEventId.ConnectionError, LogLevel.Debug),
                        (RelationalEventId.TransactionError, LogLevel.Debug),
                        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                        (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
                options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new RetryingStrategy(dependencies)));
                configure?.Invoke(options);
            });

    /// <summary>Maps <c>/health</c> (readiness: all checks pass) and <c>/alive</c> (liveness: the process responds).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // Health check endpoints would respond to any method.
        var methods = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
        app.MapHealthChecks(HealthEndpointPath, new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync })
            .WithMetadata(methods)
            .AllowAnonymous()
            .DisableHttpMetrics();
        app.MapHealthChecks(
            AlivenessEndpointPath,
            new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync, Predicate = check => check.Tags.Contains(Live) })
            .WithMetadata(methods)
            .AllowAnonymous()
            .DisableHttpMetrics();
        return app;
    }

    private static bool HasTelemetryReceiver(IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    private static void ConfigureRequestTracing(AspNetCoreTraceInstrumentationOptions options)
    {
        options.RecordException = true;
        options.Filter = context => !IsHealthCheck(context.Request.Path);

        // The query string contains what users typed, such as search terms.
        options.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
        options.EnrichWithHttpResponse = RecordHandledException;
    }

    // The instrumentation records only exceptions that no exception handler handles.
    private static void RecordHandledException(Activity activity, HttpResponse response)
    {
        if (response.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is { } error
            && activity.Events.All(recorded => recorded.Name != "exception"))
        {
            activity.AddException(error);
            if (response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                activity.SetTag("error.type", error.GetType().FullName);
            }
        }
    }

    private static bool IsHealthCheck(PathString path) => path.Equals(HealthEndpointPath) || path.Equals(AlivenessEndpointPath);

    /// <summary>
    /// Drops the children of requests that are not traced, such as a health check's SQL. The default sampler does the same, but not the one
    /// that Aspire sets in development (<c>always_on</c>).
    /// </summary>
    private sealed class UntracedRequestProcessor : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (data.Parent is { Recorded: false })
            {
                data.IsAllDataRequested = false;
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }
}
