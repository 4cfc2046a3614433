using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Live;

/// <summary>The resources' changes as a signal.</summary>
internal sealed class ResourceChanges : IDisposable
{
    private readonly IResourceSource _resources;

    public ResourceChanges(IResourceSource resources)
    {
        _resources = resources;
        _resources.Changed += Signal.Set;
    }

    public ChangeSignal Signal { get; } = new();

    public void Dispose() => _resources.Changed -= Signal.Set;
}
