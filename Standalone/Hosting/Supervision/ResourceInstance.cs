using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>One instance of a resource on its way from waiting to its end.</summary>
internal sealed class ResourceInstance(IResource resource, string id, IRunnable runnable, SupervisorServices services) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    public IResource Resource { get; } = resource;

    public string Id { get; } = id;

    public bool IsExplicit { get; } = resource.Annotations.OfType<ExplicitStartupAnnotation>().Any();

    /// <summary>Why the resource is not up, and whose last lines of output tell more.</summary>
    public event Action<ResourceInstance, Failure>? Failed;

    /// <summary>Checks that were not asked yet count as failed, so that nothing takes the resource for healthy before they were.</summary>
    private ImmutableArray<HealthReportSnapshot> Unchecked =>
        [.. Resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => new HealthReportSnapshot(h.Key, null, null, null))];

    public Task PublishAsync(string state) => PublishAsync(s => s with { State = state, HealthReports = Unchecked });

    /// <summary>Starts unless it is started already. Returns at once; the state tells the rest.</summary>
    public async Task StartAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_run.IsCompleted)
            {
                // Now and not in the background: who waits for the resource next must not see the state of its last run.
                await PublishAsync(Dependencies.Of(Resource).Any() ? KnownResourceStates.Waiting : KnownResourceStates.Starting);
                _stop?.Dispose();
                _stop = new CancellationTokenSource();
                _run = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task StopAsync(TimeSpan grace)
    {
        await _turn.WaitAsync();
        try
        {
            if (_run.IsCompleted)
            {
                return;
            }

            await PublishAsync(KnownResourceStates.Stopping);
            await _stop!.CancelAsync();
            await runnable.StopAsync(grace);
            await _run;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _stop?.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await services.Dependencies.WaitAsync(Resource, stop);
            await PublishAsync(KnownResourceStates.Starting);
            await services.Builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, services.Provider), stop);
            var info = await runnable.StartAsync(stop);
            await PublishAsync(s => s with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = DateTime.UtcNow,
                StopTimeStamp = null,
                ExitCode = null,
                Properties = [.. info.Properties, new("description", info.Description)],
                EnvironmentVariables = info.Environment,
                Urls = info.Urls,
            });
            await WatchAsync(info, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await PublishAsync(s => s with { State = KnownResourceStates.Exited, StopTimeStamp = DateTime.UtcNow });
        }
        catch (DependencyException exception)
        {
            await FailAsync(new Failure(exception.Message, exception.Dependency));
        }
#pragma warning disable CA1031 // Whatever keeps a resource from starting is its state, with the message in view.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var reason = exception is DistributedApplicationException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
            await FailAsync(new Failure(reason, Id) { HasRun = exception is ProcessEndedException });
        }
    }

    private async Task WatchAsync(RunInfo info, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = services.Health.WatchAsync(Resource, Id, ended.Token);
        // Stopping ends the process, which is what is waited for here; what has no process ends with the token.
        var exitCode = info.Exited == RunInfo.Never ? null : (int?)await info.Exited;
        if (exitCode is null)
        {
            await health;
        }

        await ended.CancelAsync();
        await health;
        await PublishAsync(s => s with
        {
            State = Resource is ProjectResource ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            StopTimeStamp = DateTime.UtcNow,
            ExitCode = exitCode,
            HealthReports = Unchecked,
        });
        if (exitCode is not (null or 0) && !stop.IsCancellationRequested)
        {
            Failed?.Invoke(this, new Failure($"ended with exit code {exitCode}", Id) { HasRun = true });
        }
    }

    private async Task FailAsync(Failure failure)
    {
        services.Loggers.Append(Id, failure.Reason, isError: true);
        await PublishAsync(s => s with { State = KnownResourceStates.FailedToStart, StopTimeStamp = DateTime.UtcNow });
        Failed?.Invoke(this, failure);
    }

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => services.Notifications.PublishUpdateAsync(Resource, Id, change);
}
