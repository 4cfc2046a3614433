using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Shows the dashboard this host's resources.</summary>
internal sealed class DashboardResources(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, ResourceCommandService commands,
    IServiceProvider services) : IResourceSource
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _states = new();

    public event Action? Changed;

    public IReadOnlyList<ResourceSnapshot> Resources
    {
        get
        {
            var order = model.Resources.Select((resource, place) => (resource, place)).ToDictionary(pair => pair.resource, pair => pair.place);
            return
            [
                .. _states.Values
                    .Where(state => !state.Snapshot.IsHidden)
                    .OrderBy(state => order.GetValueOrDefault(state.Resource)).ThenBy(state => state.ResourceId, StringComparer.Ordinal)
                    .Select(state => DashboardSnapshot.Of(state, new Secrets(model, state.Snapshot.EnvironmentVariables), services)),
            ];
        }
    }

    /// <summary>Begins to follow the resources' states.</summary>
    public void Start() => _ = FollowAsync();

    public Task<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resource, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ConsoleLine>>(_states.ContainsKey(resource) ? Lines(loggers.Tail(resource, int.MaxValue)) : []);

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resource, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_states.ContainsKey(resource))
        {
            await foreach (var batch in loggers.WatchAsync(resource).WithCancellation(cancellationToken))
            {
                yield return Lines(batch);
            }
        }
    }

    public async Task<CommandOutcome> ExecuteCommandAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(resource, command, cancellationToken);
        return new CommandOutcome(result.Success, result.Message ?? (result.Canceled ? "It was cancelled." : null));
    }

    private static ConsoleLine[] Lines(IReadOnlyList<LogLine> lines) =>
        [.. lines.Select(line => new ConsoleLine(line.LineNumber, line.Content, line.IsErrorMessage))];

    // Ends when the notifications do, with the application.
    private async Task FollowAsync()
    {
        await foreach (var change in notifications.WatchAsync())
        {
            _states[change.ResourceId] = change;
            Changed?.Invoke();
        }
    }
}
