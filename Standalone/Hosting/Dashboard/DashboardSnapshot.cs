using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MovieAspire.Standalone.Dashboard.Resources;
using HealthReport = MovieAspire.Standalone.Dashboard.Resources.HealthReport;

namespace MovieAspire.Standalone.Hosting;

/// <summary>A resource of this host as the dashboard shows it.</summary>
internal static class DashboardSnapshot
{
    public static ResourceSnapshot Of(ResourceEvent state, Secrets secrets, IServiceProvider services)
    {
        var (resource, snapshot) = (state.Resource, state.Snapshot);
        var hasEnded = KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "");
        return new ResourceSnapshot
        {
            Name = state.ResourceId,
            Service = resource.Name,
            Type = snapshot.ResourceType,
            State = snapshot.State?.Text ?? KnownResourceStates.NotStarted,
            Tone = Tone(snapshot),
            Parent = Parent(resource)?.Name,
            HasConsole = resource is not (IResourceWithParent or ParameterResource),
            StartedAt = snapshot.StartTimeStamp,
            // Of an earlier run they are of no interest.
            StoppedAt = hasEnded ? snapshot.StopTimeStamp : null,
            ExitCode = hasEnded ? snapshot.ExitCode : null,
            Health = [.. snapshot.HealthReports.Select(report => new HealthReport(report.Name, IsHealthy(report), report.Description ?? report.ExceptionText))],
            Urls = [.. snapshot.Urls.Select(url => new ResourceUrl(url.Name ?? "", url.Url))],
            Environment = [.. snapshot.EnvironmentVariables.OrderBy(variable => variable.Name, StringComparer.Ordinal)
                .Select(variable => new ResourceValue(variable.Name, variable.Value ?? "", secrets.Hold(variable.Name, variable.Value ?? "")))],
            Properties = [.. snapshot.Properties.Where(property => property.Name != "description")
                .Select(property => Value(property, secrets))],
            Waits = [.. Dependencies.Of(resource).Select(wait => new ResourceWait(wait.Resource.Name, Condition(wait.WaitType))).Distinct()],
            References = [.. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Where(relation => relation.Type == "Reference")
                .Select(relation => relation.Resource.Name).Distinct()],
            Commands = [.. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => Command(resource, command, snapshot, services)).OfType<ResourceCommand>()],
        };
    }

    private static IResource? Parent(IResource resource) => (resource as IResourceWithParent)?.Parent
        ?? resource.Annotations.OfType<ResourceRelationshipAnnotation>().FirstOrDefault(relation => relation.Type == "Parent")?.Resource;

    private static StateTone Tone(CustomResourceSnapshot snapshot) => snapshot.State?.Text switch
    {
        "Running" => Running(snapshot),
        "Active" => StateTone.Good,
        "Finished" or "Exited" => snapshot.ExitCode switch
        {
            0 => StateTone.Good,
            null => StateTone.Neutral,
            _ => StateTone.Bad,
        },
        "FailedToStart" or "RuntimeUnhealthy" or "ValueMissing" => StateTone.Bad,
        "Starting" or "Waiting" or "Stopping" or "Building" => StateTone.Busy,
        _ => StateTone.Neutral,
    };

    private static StateTone Running(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus == HealthStatus.Healthy ? StateTone.Good
        : snapshot.HealthReports.All(report => report.Status is null or HealthStatus.Healthy) ? StateTone.Busy
        : StateTone.Warning;

    private static bool? IsHealthy(HealthReportSnapshot report) => report.Status is { } status ? status == HealthStatus.Healthy : null;

    private static WaitCondition Condition(WaitType type) => type switch
    {
        WaitType.WaitForCompletion => WaitCondition.Completed,
        WaitType.WaitUntilStarted => WaitCondition.Started,
        _ => WaitCondition.Healthy,
    };

    private static ResourceValue Value(ResourcePropertySnapshot property, Secrets secrets)
    {
        var text = Convert.ToString(property.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        return new ResourceValue(property.Name, text, property.IsSensitive || secrets.Hold(property.Name, text));
    }

    private static ResourceCommand? Command(IResource resource, ResourceCommandAnnotation command, CustomResourceSnapshot snapshot, IServiceProvider services)
    {
        var state = command.State(snapshot, services);
        // What starts on demand is there to be clicked.
        var isHighlighted = command.Options.IsHighlighted || (command.Name == "start" && resource.Annotations.OfType<ExplicitStartupAnnotation>().Any());
        return state == ResourceCommandState.Hidden
            ? null
            : new ResourceCommand(command.Name, command.DisplayName, command.Options.Description, command.Options.ConfirmationMessage, state == ResourceCommandState.Enabled, isHighlighted);
    }
}
