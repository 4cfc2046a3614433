using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using MovieAspire.Standalone.Hosting;

namespace Aspire.Hosting;

/// <summary>Changes how resources are published to Docker Compose.</summary>
public static class DockerComposeServiceExtensions
{
    /// <summary>Changes the service that the resource becomes; called when the compose file is written.</summary>
    public static IResourceBuilder<T> PublishAsDockerComposeService<T>(this IResourceBuilder<T> builder, Action<DockerComposeServiceResource, Service> configure)
        where T : IComputeResource => builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? builder.WithAnnotation(new DockerComposeServiceCustomizationAnnotation(configure))
            : builder;

    /// <summary>The reference to a variable of the <c>.env</c> file that holds the value of a parameter.</summary>
    public static string AsEnvironmentPlaceholder(this IResourceBuilder<ParameterResource> builder, DockerComposeServiceResource dockerComposeService) =>
        builder.Resource.AsEnvironmentPlaceholder(dockerComposeService);

    /// <inheritdoc cref="AsEnvironmentPlaceholder(IResourceBuilder{ParameterResource}, DockerComposeServiceResource)"/>
    public static string AsEnvironmentPlaceholder(this ParameterResource parameter, DockerComposeServiceResource dockerComposeService) =>
        new ComposeValues(dockerComposeService.Parent).Parameter(parameter);
}
