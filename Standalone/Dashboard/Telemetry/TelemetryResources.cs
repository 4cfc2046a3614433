namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Who has sent telemetry.</summary>
public sealed class TelemetryResources(int limit)
{
    private readonly Lock _lock = new();

    // In order of first arrival, so that a sender of ever new names pushes out the oldest.
    private readonly OrderedDictionary<(string Name, string InstanceId), TelemetryResource> _resources = [];

    /// <summary>The senders seen so far, by name.</summary>
    public IReadOnlyList<TelemetryResource> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _resources.Values.OrderBy(resource => resource.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The sender with these attributes.</summary>
    public TelemetryResource Resolve(IReadOnlyList<Tag> tags)
    {
        var name = tags.Find("service.name") is { Length: > 0 } given ? given : "unknown_service";
        var key = (name, tags.Find("service.instance.id") ?? "");
        lock (_lock)
        {
            if (!_resources.TryGetValue(key, out var resource))
            {
                if (_resources.Count == limit)
                {
                    _resources.RemoveAt(0);
                }

                _resources[key] = resource = new TelemetryResource(key.name, key.Item2, tags);
            }

            return resource;
        }
    }
}
