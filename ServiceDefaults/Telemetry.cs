using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MovieAspire.ServiceDefaults;

/// <summary>Logs, traces and metrics over OTLP, where the environment names a receiver.</summary>
public static class Telemetry
{
    /// <summary>What the services' own activity sources and meters begin with.</summary>
    public const string SourcePrefix = "MovieAspire.";

    /// <summary>Collects what the runtime, ASP.NET Core, HTTP clients and the services themselves tell.</summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        // All of these are instrumented by .NET itself, so no instrumentation package stands between.
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(
                "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.*", SourcePrefix + "*"))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", SourcePrefix + "*")
                .AddProcessor<UnwantedTraceProcessor>());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }
}
