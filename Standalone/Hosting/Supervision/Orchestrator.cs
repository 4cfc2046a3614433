using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Starts every resource in its order, and stops them in the reverse one.</summary>
internal sealed class Orchestrator(
    SupervisorServices services, RunnableFactory factory, DistributedApplicationModel model, ConsoleReport console,
    StartFailure failure, Publisher publisher, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly List<ResourceInstance> _instances = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.Builder.ExecutionContext.IsPublishMode)
        {
            await publisher.PublishAsync(cancellationToken);
            lifetime.StopApplication();
            return;
        }

        console.Start();
        LifecycleCommands.Add(model, this);
        await services.Builder.Eventing.PublishAsync(new BeforeStartEvent(services.Provider, model), cancellationToken);
        services.Dashboard.Start();
        EndpointAllocator.Allocate(model, services.Builder.Configuration);
        foreach (var resource in model.Resources)
        {
            _instances.AddRange(factory.Create(resource));
        }

        foreach (var instance in _instances)
        {
            instance.Failed += OnFailed;
            await instance.PublishAsync(KnownResourceStates.NotStarted);
        }

        _ = AnnounceReadyAsync(_stopping.Token);
        foreach (var instance in _instances.Where(i => !i.IsExplicit))
        {
            await instance.StartAsync();
        }

        if (await services.Dashboard.LoginUrlAsync() is { } url)
        {
            console.Dashboard(url);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        foreach (var level in StopOrder.Of(_instances))
        {
            await Task.WhenAll(level.Select(i => i.StopAsync(services.Mode.Grace)));
        }

        await console.EndAsync(_instances.Select(i => i.Id));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _instances.ForEach(i => i.Dispose());
    }

    public Task StartResourceAsync(string name) => Task.WhenAll(Named(name).Select(i => i.StartAsync()));

    public Task StopResourceAsync(string name) => Task.WhenAll(Named(name).Select(i => i.StopAsync(services.Mode.Grace)));

    private IEnumerable<ResourceInstance> Named(string name) =>
        _instances.Where(i => Names.Equal(i.Id, name) || Names.Equal(i.Resource.Name, name));

    private void OnFailed(ResourceInstance instance, Failure reason)
    {
        if (instance.IsExplicit || _stopping.IsCancellationRequested)
        {
            return;
        }

        console.Failure(instance.Id, reason, services.Loggers.Tail(reason.Culprit, 12));
        // Once everything was up, one part that ends is a matter for who watches; before, the start has failed.
        if (failure.Report() && !services.Dashboard.IsRunning && !services.Mode.ThrowAway)
        {
            _ = StopAfterDependantsAsync(instance);
        }
    }

    // Who waits for what failed says so before everything stops.
    private async Task StopAfterDependantsAsync(ResourceInstance failed)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await Task.WhenAll(_instances
                .Where(i => !i.IsExplicit && Dependencies.Of(i.Resource).Any(wait => wait.Resource == failed.Resource))
                .Select(i => services.Notifications.WaitForResourceAsync(i.Resource.Name, KnownResourceStates.TerminalStates, limit.Token)));
        }
        catch (OperationCanceledException)
        {
            // One of them does not mind, or does not answer.
        }

        lifetime.StopApplication();
    }

    private async Task AnnounceReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var expected = _instances.Where(i => !i.IsExplicit).Select(i => i.Id).ToHashSet();
            await foreach (var change in services.Notifications.WatchAsync(cancellationToken))
            {
                if (change.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy || change.Snapshot.ExitCode == 0)
                {
                    expected.Remove(change.ResourceId);
                }

                if (expected.Count == 0)
                {
                    failure.EverythingIsUp();
                    console.Ready([.. _instances.Select(i => i.Id)]);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped before everything was up.
        }
    }
}

/// <summary>Remembers whether the application failed to start, which is what the exit code tells.</summary>
internal sealed class StartFailure
{
    private volatile bool _up;

    public bool Happened { get; private set; }

    public void EverythingIsUp() => _up = true;

    /// <returns>True when the application was still starting, so that it counts as not started.</returns>
    public bool Report()
    {
        Happened |= !_up;
        return !_up;
    }
}
