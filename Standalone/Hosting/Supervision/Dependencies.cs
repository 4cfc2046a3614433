using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MovieAspire.Standalone.Hosting;

/// <summary>What a resource waits for cannot become available.</summary>
internal sealed class DependencyException(string message, string dependency) : DistributedApplicationException(message)
{
    /// <summary>The instance that failed.</summary>
    public string Dependency { get; } = dependency;
}

/// <summary>Holds a resource back until what it waits for is there.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications, DashboardConnection dashboard)
{
    public static IEnumerable<WaitAnnotation> Of(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>()
            .Concat(resource is IResourceWithParent { Parent: var parent } ? [new WaitAnnotation(parent, WaitType.WaitUntilHealthy)] : []);

    /// <exception cref="DependencyException">A dependency failed, and there is no point in waiting on.</exception>
    public Task WaitAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(Of(resource).Select(wait => WaitAsync(wait, cancellationToken)));

    private async Task WaitAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        // With a dashboard somebody may look into the cause and start the dependency again; without one nobody will.
        var behavior = wait.WaitBehavior ?? (dashboard.IsRunning ? WaitBehavior.WaitOnResourceUnavailable : WaitBehavior.StopOnResourceUnavailable);
        var patient = behavior == WaitBehavior.WaitOnResourceUnavailable && wait.WaitType != WaitType.WaitForCompletion;
        var reached = await notifications.WaitForResourceAsync(name, e => Reached(wait, e.Snapshot) || (!patient && Ended(e.Snapshot)), cancellationToken);
        if (!Reached(wait, reached.Snapshot))
        {
            throw new DependencyException(Explain(wait, reached.Snapshot), reached.ResourceId);
        }
    }

    private static bool Reached(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        WaitType.WaitUntilHealthy => snapshot.HealthStatus == HealthStatus.Healthy,
        _ => Ended(snapshot) && snapshot.ExitCode == wait.ExitCode,
    };

    private static bool Ended(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "");

    private static string Explain(WaitAnnotation wait, CustomResourceSnapshot snapshot)
    {
        var what = snapshot switch
        {
            { ExitCode: { } code } when wait.WaitType == WaitType.WaitForCompletion => $"ended with exit code {code}, and {wait.ExitCode} was expected",
            { ExitCode: { } code } => $"ended with exit code {code} before it was {(wait.WaitType == WaitType.WaitUntilStarted ? "started" : "healthy")}",
            { State.Text: "FailedToStart" } => "could not start",
            _ => $"is {snapshot.State?.Text.ToLowerInvariant()}",
        };
        return $"not started, since {wait.Resource.Name} {what}";
    }
}
