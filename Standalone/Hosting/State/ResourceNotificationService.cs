using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource and what became of it.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    /// <summary>The name of the instance; differs from the resource's name where it has replicas.</summary>
    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Keeps the state of every resource and tells who watches.</summary>
public sealed class ResourceNotificationService : IDisposable
{
    private readonly ResourceLoggerService _loggers;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _watchers = new();

    internal ResourceNotificationService(ResourceLoggerService loggers) => _loggers = loggers;

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            return _states.TryGetValue(resourceId, out resourceEvent);
        }
    }

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var before = _states.TryGetValue(resourceId, out var current)
                ? current.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal), Properties = [], CreationTimeStamp = DateTime.UtcNow };
            var after = stateFactory(before);
            if (current is null || after != before)
            {
                var @event = _states[resourceId] = new ResourceEvent(resource, resourceId, after);
                foreach (var watcher in _watchers.Keys)
                {
                    watcher.Writer.TryWrite(@event);
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The present state of every resource, and then each change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var state in _states.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers[channel] = true;
        }

        try
        {
            await foreach (var @event in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return @event;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var targets = targetStates.ToList();
        var found = await WaitForResourceAsync(resourceName, e => targets.Contains(e.Snapshot.State?.Text ?? ""), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var @event in WatchAsync(cancellationToken))
        {
            if (string.Equals(@event.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(@event))
            {
                return @event;
            }
        }

        throw new OperationCanceledException($"The application was stopped before the resource '{resourceName}' reached the state that was waited for.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text ?? "")),
            cancellationToken);
        if (found.Snapshot.HealthStatus == HealthStatus.Healthy)
        {
            return found;
        }

        var code = found.Snapshot.ExitCode is { } exitCode ? $" (exit code {exitCode})" : "";
        var lines = string.Join('\n', _loggers.Tail(found.ResourceId, 20).Select(l => l.Content));
        throw new DistributedApplicationException(
            $"Stopped waiting for resource '{resourceName}' to become healthy, since it is in the state '{found.Snapshot.State?.Text}'{code}. Its last lines:\n{lines}");
    }

    /// <summary>Ends every watch.</summary>
    public void Dispose()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryComplete();
        }
    }
}
