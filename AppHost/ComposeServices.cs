using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;

namespace MovieAspire.AppHost;

/// <summary>How the resources run where they are published with Docker Compose.</summary>
internal static class ComposeServices
{
    /// <summary>Runs until it is told to stop, and comes back after a crash or a restart of the machine.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="memory">What it may use at most, such as "512M".</param>
    /// <param name="healthy">The command that ends with 0 while it is healthy, run inside its container.</param>
    public static IResourceBuilder<T> PublishAsLongRunningService<T>(this IResourceBuilder<T> builder, string memory, params string[] healthy)
        where T : IComputeResource => builder.PublishAsDockerComposeService((_, service) =>
        {
            service.Restart = "unless-stopped";
            service.Limit(memory);
            service.Healthcheck = new Healthcheck
            {
                Test = ["CMD", .. healthy],
                Interval = "5s",
                Timeout = "5s",
                StartPeriod = "60s",
                Retries = 3,
            };
        });

    /// <summary>Runs once to its end; a failure is for whoever deploys to see, not to be repeated for ever.</summary>
    public static IResourceBuilder<T> PublishAsOneShotService<T>(this IResourceBuilder<T> builder, string memory)
        where T : IComputeResource => builder.PublishAsDockerComposeService((_, service) =>
        {
            service.Restart = "no";
            service.Limit(memory);
        });

    /// <summary>Publishes each port under its own number; by default the engine picks another one at every start.</summary>
    public static IResourceBuilder<T> PublishWithFixedPorts<T>(this IResourceBuilder<T> builder)
        where T : IComputeResource => builder.PublishAsDockerComposeService((_, service) => service.Ports = [.. service.Ports.Select(port => $"{port}:{port}")]);

    /// <summary>Takes away what a service of ours never needs, should somebody get to run code in it.</summary>
    public static IResourceBuilder<T> PublishWithoutPrivileges<T>(this IResourceBuilder<T> builder)
        where T : IComputeResource => builder.PublishAsDockerComposeService((_, service) =>
        {
            service.CapDrop = ["ALL"];
            service.SecurityOpt = ["no-new-privileges:true"];
        });

    private static void Limit(this Service service, string memory) =>
        service.Deploy = new Deploy { Resources = new Resources { Limits = new ResourceSpec { Memory = memory } } };
}
