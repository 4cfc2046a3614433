using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Gives every endpoint its address before anything starts, so that references can be resolved in any order.</summary>
internal static class EndpointAllocator
{
    // The name of Aspire's own setting, which its testing builder gives, too.
    public const string RandomizePorts = "DcpPublisher:RandomizePorts";

    public static void Allocate(DistributedApplicationModel model, IConfiguration configuration)
    {
        var random = configuration.GetValue(RandomizePorts, false);
        foreach (var endpoint in model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()))
        {
            var port = random ? null : endpoint.Port;
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port ?? Ports.Free());
        }
    }
}
