using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MovieAspire.Standalone.Dashboard;

namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// The dashboard of this run, if there is one, and where telemetry goes. As with Aspire it is where <c>ASPNETCORE_URLS</c> says,
/// which the launch profile sets, and off in tests; without an address there is none.
/// </summary>
internal sealed class DashboardConnection(
    IConfiguration configuration, DistributedApplicationOptions options, IHostEnvironment environment, DashboardResources resources, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly string? _url = options.DisableDashboard ? null : configuration["ASPNETCORE_URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    private Task<DashboardServer>? _start;

    /// <summary>Somebody can look at a failed application.</summary>
    public bool IsRunning => _url is not null;

    /// <summary>Begins to start it. The resources start meanwhile; what they need of it waits in <see cref="TelemetryAsync"/>.</summary>
    public void Start()
    {
        if (_url is not null)
        {
            resources.Start();
            _start = Task.Run(() => StartAsync(Options(_url)));
        }
    }

    /// <summary>The address that opens it, once it is up; nothing where there is none.</summary>
    /// <exception cref="DistributedApplicationException">It could not start; the message says what to do.</exception>
    public async Task<Uri?> LoginUrlAsync()
    {
        try
        {
            return _start is null ? null : (await _start).LoginUrl;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new DistributedApplicationException(exception.Message);
        }
    }

    /// <summary>The variables by which a process sends its telemetry.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TelemetryAsync(string serviceName, string instanceId)
    {
        var variables = new Dictionary<string, string>
        {
            ["OTEL_SERVICE_NAME"] = serviceName,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}",
        };
        if (_start is not null)
        {
            var dashboard = (await _start).Options;
            var viaHttp = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is null && configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is not null;
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = (viaHttp ? dashboard.OtlpHttpUrl : dashboard.OtlpGrpcUrl).ToString().TrimEnd('/');
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = viaHttp ? "http/protobuf" : "grpc";
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={dashboard.OtlpApiKey}";
        }
        else if (Given("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL") is { Port: > 0 } elsewhere)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = elsewhere.ToString().TrimEnd('/');
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        }

        if (variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT") && environment.IsDevelopment())
        {
            // Whoever develops wants to see at once what just happened.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }

        return variables;
    }

    public async ValueTask DisposeAsync()
    {
        if (_start is { IsCompletedSuccessfully: true })
        {
            await (await _start).DisposeAsync();
        }
    }

    private async Task<DashboardServer> StartAsync(DashboardOptions dashboard)
    {
        (Uri Url, string Setting)[] listeners =
            [(dashboard.FrontendUrl, "ASPNETCORE_URLS"), (dashboard.OtlpGrpcUrl, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"), (dashboard.OtlpHttpUrl, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")];
        foreach (var (url, setting) in listeners.Where(listener => listener.Url.Port > 0))
        {
            await Ports.RequireFreeAsync(url.Port, "the dashboard", setting);
        }

        return await DashboardServer.StartAsync(dashboard, resources);
    }

    private DashboardOptions Options(string url)
    {
        var defaults = new DashboardOptions
        {
            ApplicationName = options.DashboardApplicationName ?? environment.ApplicationName.Replace(".AppHost", "", StringComparison.Ordinal),
            FrontendUrl = new Uri(url),
            LoggerFactory = loggers,
        };
        return defaults with
        {
            OtlpGrpcUrl = Given("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL") ?? defaults.OtlpGrpcUrl,
            OtlpHttpUrl = Given("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL") ?? defaults.OtlpHttpUrl,
            LoginToken = configuration["AppHost:BrowserToken"] ?? defaults.LoginToken,
            OtlpApiKey = configuration["AppHost:OtlpApiKey"] ?? defaults.OtlpApiKey,
        };
    }

    private Uri? Given(string name) => configuration[name] is { Length: > 0 } url ? new Uri(url) : null;
}
