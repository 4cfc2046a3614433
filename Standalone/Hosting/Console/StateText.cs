using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Says in a few words what became of a resource.</summary>
internal static class StateText
{
    /// <returns>Null where there is nothing to say.</returns>
    public static string? Of(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var state = snapshot.State?.Text;
        if (state is null || state == KnownResourceStates.NotStarted)
        {
            return change.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any() ? "starts on demand" : null;
        }

        if (state == KnownResourceStates.Running)
        {
            var hasChecks = change.Resource.Annotations.OfType<HealthCheckAnnotation>().Any();
            var healthy = snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
            var asked = snapshot.HealthReports.Any(r => r.Status is not null);
            var word = !hasChecks || !asked ? "running" : healthy ? "healthy" : "not healthy yet";
            return $"{word}  {snapshot.Properties.FirstOrDefault(p => p.Name == "description")?.Value}";
        }

        var text = state == KnownResourceStates.FailedToStart ? "failed" : state.ToLowerInvariant();
        var waits = state == KnownResourceStates.Waiting
            ? $" for {string.Join(", ", Dependencies.Of(change.Resource).Select(w => w.Resource.Name).Distinct())}" : "";
        return text + waits + (snapshot.ExitCode is { } code and not 0 ? $", exit code {code}" : "");
    }
}
