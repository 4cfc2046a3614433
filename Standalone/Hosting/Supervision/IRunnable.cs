using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The running side of a resource.</summary>
internal interface IRunnable
{
    /// <summary>Starts, and returns once it runs; whether it is usable is what its health checks say.</summary>
    Task<RunInfo> StartAsync(CancellationToken cancellationToken);

    Task StopAsync(TimeSpan grace);
}

/// <summary>What is known of a resource once it runs.</summary>
/// <param name="Description">One line for people.</param>
/// <param name="Exited">Its exit code when it ends; never completes for what has no process of its own.</param>
internal sealed record RunInfo(string Description, Task<int> Exited)
{
    public static readonly Task<int> Never = new TaskCompletionSource<int>().Task;

    public ImmutableArray<ResourcePropertySnapshot> Properties { get; init; } = [];

    public ImmutableArray<EnvironmentVariableSnapshot> Environment { get; init; } = [];

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];
}
