namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>
/// What the dashboard shows and does is the AppHost's. This is all that it needs of it, so that neither knows the other's insides.
/// Every member may be called from any thread and by many at a time.
/// </summary>
public interface IResourceSource
{
    /// <summary>After any change of <see cref="Resources"/>. Handlers return at once.</summary>
    event Action? Changed;

    /// <summary>All resources as they are now, in the order of the application model.</summary>
    IReadOnlyList<ResourceSnapshot> Resources { get; }

    /// <summary>The console lines of a resource that are still kept; none for an unknown resource.</summary>
    Task<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resource, CancellationToken cancellationToken);

    /// <summary>The console lines of a resource: at first those still kept, then new ones as they come, until cancelled.</summary>
    IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resource, CancellationToken cancellationToken);

    /// <summary>Carries out a command and says how that went; an unknown one is a failure with a message, no exception.</summary>
    Task<CommandOutcome> ExecuteCommandAsync(string resource, string command, CancellationToken cancellationToken);
}
