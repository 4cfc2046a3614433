namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// A dashboard that the host starts before anything else. Register one as a singleton in the builder's services;
/// it finds the state of resources in <c>ResourceNotificationService</c>, their output in <c>ResourceLoggerService</c>
/// and their commands in <c>ResourceCommandService</c>.
/// </summary>
public interface IDashboard
{
    /// <param name="url">Where people shall find it; port 0 leaves the choice to the dashboard.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    Task<DashboardAddress> StartAsync(Uri url, CancellationToken cancellationToken);
}

/// <summary>Where a running dashboard is.</summary>
/// <param name="Url">For people.</param>
/// <param name="OtlpEndpoint">For telemetry.</param>
/// <param name="OtlpProtocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
/// <param name="OtlpApiKey">The key that telemetry must carry, if any.</param>
public sealed record DashboardAddress(Uri Url, Uri OtlpEndpoint, string OtlpProtocol, string? OtlpApiKey);
