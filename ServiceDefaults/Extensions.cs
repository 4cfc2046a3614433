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

/// <summary>What every service of the application has: telemetry, health endpoints, settings from secret files, the database.</summary>
public static class Extensions
{
    /// <summary>What the services' own activity sources and meters begin with.</summary>
    private const string SourcePrefix = "MovieAspire.";

    /// <summary>What the driver's are called; Aspire's component adds them only where there is a context.</summary>
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
    /// Sends logs, traces and metrics over OTLP. Without a receiver in the environment there are none: to collect what nobody gets would
    /// cost each request a part of its time.
    /// </summary>
    /// <remarks>Health checks are left out, since they are asked for every few seconds, and so is what people typed.</remarks>
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

    /// <summary>Adds the check of <c>/alive</c>, and a time limit to every check that has none.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

        // A server that does not answer at all keeps the database's check waiting; who asks for health wants to know it now.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = HealthCheckTimeout;
            }
        });
        return builder;
    }

    /// <summary>Registers the context for the database that the AppHost calls <c>moviedb</c>, with <see cref="ConnectionDefaults"/>.</summary>
    public static void AddDatabase<TContext>(this IHostApplicationBuilder builder, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext =>
        builder.AddNpgsqlDbContext<TContext>(
            "moviedb",
            settings =>
            {
                settings.ConnectionString = settings.ConnectionString is { } given ? ConnectionDefaults.Apply(given) : null;
                // Aspire's would repeat a statement for a minute while the database is down, and so delay each answer and the start.
                settings.DisableRetry = true;
                settings.DisableTracing = settings.DisableMetrics = !HasTelemetryReceiver(builder);
            },
            options =>
            {
                options.ConfigureWarnings(warnings => warnings
                    // A probe may take any rows; what EF Core warns of would stand in every service's log.
                    .Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning)
                    // What the database refuses in a race is a 409, no error. Whoever catches a failure knows which it is, and logs it.
                    .Log(
                        (RelationalEventId.CommandError, LogLevel.Debug),
                        (RelationalEventId.ConnectionError, LogLevel.Debug),
                        (RelationalEventId.TransactionError, LogLevel.Debug),
                        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                        (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
                options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new RetryingStrategy(dependencies)));
                configure?.Invoke(options);
            });

    /// <summary>Maps <c>/health</c> (ready to serve: every check passes) and <c>/alive</c> (the process answers).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // Health checks as such answer every method.
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

        // The query holds what people typed, such as the words that they search for.
        options.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
        options.EnrichWithHttpResponse = RecordHandledException;
    }

    // The instrumentation records only exceptions that no exception handler answers.
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
    /// Leaves untraced what is done for a request that is not traced, such as a health check's SQL. The default sampler does the
    /// same; the one that Aspire sets in development (<c>always_on</c>) does not.
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
