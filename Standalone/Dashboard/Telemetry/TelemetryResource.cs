namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>One running process that sends telemetry, by its service name and instance id.</summary>
public sealed class TelemetryResource(string name, string instanceId, IReadOnlyList<Tag> tags)
{
    /// <summary>The <c>service.name</c>, which for a resource of the AppHost is the resource's name.</summary>
    public string Name { get; } = name;

    /// <summary>The <c>service.instance.id</c>, or nothing.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>All attributes that the sender says of itself.</summary>
    public IReadOnlyList<Tag> Tags { get; } = tags;
}
