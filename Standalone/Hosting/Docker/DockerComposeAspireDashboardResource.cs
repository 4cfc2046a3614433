using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker;

/// <summary>The dashboard that is deployed beside the services.</summary>
public class DockerComposeAspireDashboardResource : ContainerResource
{
    public DockerComposeAspireDashboardResource(string name)
        : base(name)
    {
        Annotations.Add(new ContainerImageAnnotation { Registry = "mcr.microsoft.com", Image = "dotnet/nightly/aspire-dashboard", Tag = "13.5" });
        Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "http", targetPort: 18888, isExternal: true));
        Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "otlp-grpc", targetPort: 18889));
        Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "otlp-http", targetPort: 18890));
        Annotations.Add(new DockerComposeServiceCustomizationAnnotation((_, service) => service.Restart = "always"));
    }

    public EndpointReference PrimaryEndpoint => new(this, "http");

    public EndpointReference OtlpGrpcEndpoint => new(this, "otlp-grpc");
}
