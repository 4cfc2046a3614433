using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>A resource as the HTTP API gives it. Secrets are not among its values.</summary>
internal sealed record ResourceView(
    string Name, string Type, string State, StateTone Tone, string? Parent, DateTime? StartedAt, DateTime? StoppedAt, int? ExitCode,
    IReadOnlyList<HealthReport> Health, IReadOnlyList<ResourceUrl> Urls, IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<ResourceWait> Waits, IReadOnlyList<string> References, IReadOnlyList<string> Commands, IReadOnlyList<string> Reasons)
{
    public static ResourceView Of(ResourceSnapshot resource, IReadOnlyList<ResourceSnapshot> all) => new(
        resource.Name, resource.Type, resource.State, resource.Tone, resource.Parent, resource.StartedAt, resource.StoppedAt, resource.ExitCode,
        resource.Health, resource.Urls,
        resource.Environment.DistinctBy(item => item.Name).ToDictionary(item => item.Name, item => item.IsSecret ? "***" : item.Value),
        resource.Waits, resource.References,
        [.. resource.Commands.Where(command => command.IsEnabled).Select(command => command.Name)],
        [.. Diagnosis.Of(resource, all).Select(cause => cause.Text)]);
}
