using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The dashboard of this run, if there is one, and where telemetry goes.</summary>
internal sealed class DashboardConnection(IConfiguration configuration, DistributedApplicationOptions options, IDashboard? dashboard = null)
{
    private DashboardAddress? _address;

    /// <summary>Somebody can look at a failed application.</summary>
    public bool IsRunning => _address is not null;

    public Uri? Url => _address?.Url;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (dashboard is not null && !options.DisableDashboard)
        {
            var urls = (configuration["ASPNETCORE_URLS"] ?? "http://localhost:0").Split(';', StringSplitOptions.RemoveEmptyEntries);
            _address = await dashboard.StartAsync(new Uri(urls[0]), cancellationToken);
        }
    }

    /// <summary>The variables by which a process sends its telemetry.</summary>
    public IEnumerable<KeyValuePair<string, string>> Telemetry(string serviceName, string instanceId, IHostEnvironment environment)
    {
        yield return new("OTEL_SERVICE_NAME", serviceName);
        yield return new("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instanceId}");
        if (Endpoint() is not { } endpoint)
        {
            yield break;
        }

        yield return new("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
        yield return new("OTEL_EXPORTER_OTLP_PROTOCOL", _address?.OtlpProtocol ?? "grpc");
        if (_address?.OtlpApiKey is { } key)
        {
            yield return new("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={key}");
        }

        if (environment.IsDevelopment())
        {
            // Whoever develops wants to see at once what just happened.
            yield return new("OTEL_BLRP_SCHEDULE_DELAY", "1000");
            yield return new("OTEL_BSP_SCHEDULE_DELAY", "1000");
            yield return new("OTEL_METRIC_EXPORT_INTERVAL", "1000");
            yield return new("OTEL_TRACES_SAMPLER", "always_on");
            yield return new("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based");
        }
    }

    private string? Endpoint() => _address?.OtlpEndpoint.ToString().TrimEnd('/')
        // Port 0, as in the launch settings, asks a dashboard to choose; without one it names nothing.
        ?? (configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } given && new Uri(given).Port != 0 ? given : null);
}
