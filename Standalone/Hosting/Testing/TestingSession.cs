using System.Reflection;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// A test that runs an AppHost's entry point and takes part in it: it is handed the builder before anything is built,
/// and starts and stops the application in the entry point's place.
/// </summary>
internal sealed class TestingSession(Assembly? appHost, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
{
    // Flows with the entry point's thread, so that AppHosts of parallel tests do not see each other.
    private static readonly AsyncLocal<TestingSession?> Ambient = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _build = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The session whose entry point calls; null outside of tests.</summary>
    public static TestingSession? Current => Ambient.Value;

    public bool HasEntryPoint => appHost is not null;

    public Task Ended => _ended.Task;

    /// <summary>Runs the entry point up to where it builds.</summary>
    public Task<DistributedApplicationBuilder> RunEntryPointAsync(string[] args, CancellationToken cancellationToken)
    {
        var entryPoint = appHost!.EntryPoint ?? throw new InvalidOperationException($"The assembly {appHost.GetName().Name} has no entry point.");
        new Thread(() => Run(entryPoint, args)) { IsBackground = true, Name = "AppHost" }.Start();
        return _builder.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the entry point return.</summary>
    public void End()
    {
        _build.TrySetCanceled();
        _ended.TrySetResult();
    }

    public void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.AssemblyName ??= appHost?.GetName().Name;
        options.DisableDashboard = true;
        settings.EnvironmentName ??= Environments.Development;
        settings.Configuration!.AddInMemoryCollection([new(EndpointAllocator.RandomizePorts, "true")]);
        configure?.Invoke(options, settings);
    }

    public void AwaitBuild(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        if (Current == this)
        {
            _build.Task.GetAwaiter().GetResult();
        }
    }

    public void Built(DistributedApplication application) => _application.TrySetResult(application);

    private void Run(MethodInfo entryPoint, string[] args)
    {
        Ambient.Value = this;
        try
        {
            var result = entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? null : [args]);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The AppHost's entry point ended without building an application."));
        }
#pragma warning disable CA1031 // Whatever the entry point throws is the test's to see.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception is TargetInvocationException { InnerException: { } inner } ? inner : exception);
        }
    }

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
        // Nobody may be waiting any more; then there is nobody to tell.
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
    }
}
