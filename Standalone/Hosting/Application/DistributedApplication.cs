using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieAspire.Standalone.Hosting;

namespace Aspire.Hosting;

/// <summary>An application that can be run.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private bool _disposed;

    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    internal TestingSession? Session { get; init; }

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until Ctrl+C or SIGTERM. The process ends with 1 when the application could not start.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (TestingSession.Current is { } session)
        {
            // Starting and stopping is up to the test; the entry point just waits for the end.
            await session.Ended;
            return;
        }

        var console = Services.GetRequiredService<ConsoleReport>();
        string? problem = null;
        try
        {
            await host.StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
        }
        catch (DistributedApplicationException exception)
        {
            problem = exception.Message;
        }

        if (problem is not null || Services.GetRequiredService<StartFailure>().Happened)
        {
            Environment.ExitCode = 1;
        }

        await DisposeAsync();
        if (problem is not null)
        {
            // At the very end, where people look, and without a stack trace, which would bury what to do.
            console.Error(problem);
        }
    }

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            host.Dispose();
        }

        Session?.End();
        GC.SuppressFinalize(this);
    }
}
