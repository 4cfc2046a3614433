using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;

namespace Aspire.Hosting;

/// <summary>Adds Docker Compose as a place to publish to.</summary>
public static class DockerComposeEnvironmentExtensions
{
    /// <summary>Adds the environment; when the application runs it has no part in it.</summary>
    public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name)
    {
        var environment = new DockerComposeEnvironmentResource(name);
        return builder.ExecutionContext.IsRunMode ? builder.CreateResourceBuilder(environment) : builder.AddResource(environment);
    }

    public static IResourceBuilder<DockerComposeEnvironmentResource> WithDashboard(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, bool enabled = true) =>
        builder.WithProperties(environment => environment.DashboardEnabled = enabled);

    public static IResourceBuilder<DockerComposeEnvironmentResource> WithProperties(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<DockerComposeEnvironmentResource> configure)
    {
        configure(builder.Resource);
        return builder;
    }

    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureComposeFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<ComposeFile> configure) =>
        builder.WithProperties(environment => environment.ConfigureComposeFile += configure);

    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureEnvFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<IDictionary<string, CapturedEnvironmentVariable>> configure) =>
        builder.WithProperties(environment => environment.ConfigureEnvFile += configure);
}
