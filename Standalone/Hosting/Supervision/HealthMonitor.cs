using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Asks the health checks of running resources.</summary>
internal sealed class HealthMonitor(HealthCheckService checks, ResourceNotificationService notifications, IDistributedApplicationBuilder builder, IServiceProvider services)
{
    // Start-up time is what people wait for; a check on loopback costs a millisecond.
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(60);
    private const int StartingTries = 50;
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(3);

    public async Task WatchAsync(IResource resource, string id, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key).ToHashSet();
        var ready = false;
        var tries = 0;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var healthy = keys.Count == 0 || await CheckAsync(resource, id, keys, cancellationToken);
                if (healthy && !ready)
                {
                    ready = true;
                    await builder.Eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
                }

                var pause = keys.Count == 0 ? Timeout.InfiniteTimeSpan
                    : healthy ? WhileHealthy
                    : ready || ++tries > StartingTries ? WhileUnhealthy
                    : WhileStarting;
                await Task.Delay(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The resource ended or is being stopped.
        }
    }

    private async Task<bool> CheckAsync(IResource resource, string id, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
        var reports = report.Entries
            .Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.Message)).ToImmutableArray();
        await notifications.PublishUpdateAsync(resource, id, s => Same(s.HealthReports, reports) ? s : s with { HealthReports = reports });
        return report.Status == HealthStatus.Healthy;
    }

    private static bool Same(ImmutableArray<HealthReportSnapshot> left, ImmutableArray<HealthReportSnapshot> right) => left.SequenceEqual(right);
}
