using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.Standalone.Dashboard.Security;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard;

/// <summary>Where the dashboard listens, its secrets and its limits.</summary>
public sealed record DashboardOptions
{
    /// <summary>The application's name, shown in the pages.</summary>
    public string ApplicationName { get; init; } = "Aspire";

    /// <summary>Where the pages are; a loopback address, and port 0 for any free one.</summary>
    public Uri FrontendUrl { get; init; } = new("http://localhost:15180");

    /// <summary>Where OTLP is taken over gRPC; a loopback address, and port 0 for any free one.</summary>
    public Uri OtlpGrpcUrl { get; init; } = new("http://localhost:0");

    /// <summary>Where OTLP is taken over HTTP; a loopback address, and port 0 for any free one.</summary>
    public Uri OtlpHttpUrl { get; init; } = new("http://localhost:0");

    /// <summary>Opens the pages and the HTTP API.</summary>
    public string LoginToken { get; init; } = Secret.New();

    /// <summary>Opens the OTLP endpoints.</summary>
    public string OtlpApiKey { get; init; } = Secret.New();

    /// <summary>How much telemetry is kept.</summary>
    public TelemetryLimits Limits { get; init; } = new();

    /// <summary>Where the dashboard's own warnings go.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
