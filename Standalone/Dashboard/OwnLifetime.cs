using Microsoft.Extensions.Hosting;

namespace MovieAspire.Standalone.Dashboard;

/// <summary>
/// Lives as long as the one who started the dashboard wants. The default lifetime would catch SIGTERM and Ctrl+C for the whole
/// process, and the process is the AppHost's.
/// </summary>
internal sealed class OwnLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
