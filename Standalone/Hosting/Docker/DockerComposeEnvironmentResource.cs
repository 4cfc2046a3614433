using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker;

/// <summary>Publishes compute resources as the services of one compose file.</summary>
public class DockerComposeEnvironmentResource(string name) : Resource(name), IComputeEnvironmentResource
{
    public string? DefaultNetworkName { get; set; }

    public bool DashboardEnabled { get; set; } = true;
}
