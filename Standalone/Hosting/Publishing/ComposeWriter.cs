using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Writes <c>docker-compose.yaml</c> and the <c>.env</c> file beside it.</summary>
internal sealed class ComposeWriter(
    IDistributedApplicationBuilder builder, DistributedApplicationModel model, DockerComposeEnvironmentResource environment, string folder)
{
    private readonly ComposeValues _values = new(environment);

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var network = new Network { Name = environment.DefaultNetworkName ?? "aspire", Driver = "bridge" };
        var file = new ComposeFile().AddNetwork(network);
        // The dashboard stands first, as in what Aspire writes.
        foreach (var resource in model.Resources.OfType<IComputeResource>().OrderBy(r => r is not DockerComposeAspireDashboardResource)
            .Where(r => !r.Annotations.OfType<ManifestPublishingCallbackAnnotation>().Any()))
        {
            var service = await DescribeAsync(resource, cancellationToken);
            service.Networks = [network.Name];
            foreach (var volume in service.Volumes.Where(v => v.Type == "volume"))
            {
                file.AddVolume(new Volume { Name = volume.Name, Driver = "local" });
            }

            var published = new DockerComposeServiceResource(resource.Name, resource, environment);
            foreach (var customization in resource.Annotations.OfType<DockerComposeServiceCustomizationAnnotation>())
            {
                customization.Configure(published, service);
            }

            file.AddService(service);
        }

        environment.ConfigureComposeFile?.Invoke(file);
        environment.ConfigureEnvFile?.Invoke(environment.CapturedEnvironmentVariables);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.yaml"), file.ToYaml(), cancellationToken);
        await EnvFile.WriteAsync(Path.Combine(folder, ".env"), environment.CapturedEnvironmentVariables, cancellationToken);
    }

    private async Task<Service> DescribeAsync(IResource resource, CancellationToken cancellationToken)
    {
        var service = new Service
        {
            Name = ComposeValues.ServiceName(resource),
            Image = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.FullName ?? _values.Image(resource),
        };
        if (resource is ContainerResource { Entrypoint: { } entrypoint })
        {
            service.Entrypoint.Add(entrypoint);
        }

        await DescribeProcessAsync(service, resource, cancellationToken);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var port = _values.Port(resource, endpoint);
            var (list, entry) = endpoint.IsExternal ? (service.Ports, endpoint.Port is { } host ? $"{host}:{port}" : port) : (service.Expose, port);
            if (!list.Contains(entry))
            {
                list.Add(entry);
            }
        }

        service.AddVolumes(resource.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume)
            .Select(m => new Volume { Name = m.Source!, Type = "volume", Source = m.Source, Target = m.Target, ReadOnly = m.IsReadOnly }));
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is IComputeResource))
        {
            var condition = wait.WaitType == WaitType.WaitForCompletion ? "service_completed_successfully" : "service_started";
            service.DependsOn[ComposeValues.ServiceName(wait.Resource)] = new ServiceDependency { Condition = condition };
        }

        return service;
    }

    private async Task DescribeProcessAsync(Service service, IResource resource, CancellationToken cancellationToken)
    {
        var variables = await ResourceCallbacks.RawEnvironmentAsync(resource, builder.ExecutionContext, [], cancellationToken);
        // Nobody ends TLS inside the network.
        foreach (var (name, value) in variables.Where(v => !(v.Value is EndpointReference { IsHttps: true } && v.Key.StartsWith("services__", StringComparison.Ordinal))))
        {
            service.AddEnvironmentalVariable(name, _values.Of(value));
        }

        var arguments = await ResourceCallbacks.RawArgumentsAsync(resource, builder.ExecutionContext, cancellationToken);
        service.Command.AddRange(arguments.Select(_values.Of));
    }
}
