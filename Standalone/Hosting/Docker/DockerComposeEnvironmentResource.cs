using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources;

namespace Aspire.Hosting.Docker;

/// <summary>Publishes compute resources as the services of one compose file.</summary>
public class DockerComposeEnvironmentResource(string name) : Resource(name), IComputeEnvironmentResource
{
    public string? DefaultNetworkName { get; set; }

    public bool DashboardEnabled { get; set; } = true;

    internal Action<ComposeFile>? ConfigureComposeFile { get; set; }

    internal Action<IDictionary<string, CapturedEnvironmentVariable>>? ConfigureEnvFile { get; set; }

    /// <summary>The variables that whoever deploys has to fill in.</summary>
    internal Dictionary<string, CapturedEnvironmentVariable> CapturedEnvironmentVariables { get; } = [];

    /// <returns>What stands for the variable in the compose file.</returns>
    internal string Capture(string variable, string description, object source)
    {
        CapturedEnvironmentVariables.TryAdd(variable, new CapturedEnvironmentVariable { Name = variable, Description = description, Source = source });
        return $"${{{variable}}}";
    }
}

/// <summary>A variable of the <c>.env</c> file beside a compose file.</summary>
public sealed class CapturedEnvironmentVariable
{
    public required string Name { get; init; }

    public string? Description { get; set; }

    public string? DefaultValue { get; set; }

    public object? Source { get; set; }
}

/// <summary>A resource as a service of a compose file.</summary>
public class DockerComposeServiceResource(string name, IResource resource, DockerComposeEnvironmentResource composeEnvironmentResource)
    : Resource(name), IResourceWithParent<DockerComposeEnvironmentResource>
{
    public DockerComposeEnvironmentResource Parent { get; } = composeEnvironmentResource;

    internal IResource TargetResource { get; } = resource;
}

/// <summary>Changes the service that a resource is published as.</summary>
public sealed class DockerComposeServiceCustomizationAnnotation(Action<DockerComposeServiceResource, Resources.ComposeNodes.Service> configure) : IResourceAnnotation
{
    public Action<DockerComposeServiceResource, Resources.ComposeNodes.Service> Configure { get; } = configure;
}
