using System.Runtime.CompilerServices;
using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Bench;

/// <summary>An AppHost without resources: the flood is all there is.</summary>
internal sealed class NoResources : IResourceSource
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public IReadOnlyList<ResourceSnapshot> Resources => [];

    public Task<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resource, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ConsoleLine>>([]);

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resource, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public Task<CommandOutcome> ExecuteCommandAsync(string resource, string command, CancellationToken cancellationToken) =>
        Task.FromResult(new CommandOutcome(false, "There are no resources."));
}
