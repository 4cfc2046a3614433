using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Turns values into what they are inside a compose network; what only the deployer knows becomes a variable.</summary>
internal sealed class ComposeValues(DockerComposeEnvironmentResource environment)
{
    public string Of(object value) => value switch
    {
        ReferenceExpression expression => string.Format(CultureInfo.InvariantCulture, expression.Format, [.. expression.ValueProviders.Select(Of)]),
        ParameterResource parameter => Parameter(parameter),
        ConnectionStringReference reference => Of(reference.Resource.ConnectionStringExpression),
        IResourceWithConnectionString resource => Of(resource.ConnectionStringExpression),
        EndpointReference endpoint => Endpoint(endpoint, EndpointProperty.Url),
        EndpointReferenceExpression part => Endpoint(part.Endpoint, part.Property),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    public string Parameter(ParameterResource parameter) => environment.Capture(Variable(parameter), $"Parameter {parameter.Name}", parameter);

    public string Image(IResource resource) => environment.Capture($"{Variable(resource)}_IMAGE", $"Container image name for {resource.Name}", resource);

    /// <summary>The port inside the network: given by the model, or by whoever deploys.</summary>
    public string Port(IResource resource, EndpointAnnotation endpoint) => endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture)
        ?? environment.Capture($"{Variable(resource)}_PORT", $"Default container port for {resource.Name}", endpoint);

    public static string ServiceName(IResource resource) => resource.Name.ToLowerInvariant();

    private string Endpoint(EndpointReference endpoint, EndpointProperty property)
    {
        var host = ServiceName(endpoint.Resource);
        return property switch
        {
            EndpointProperty.Host or EndpointProperty.IPV4Host => host,
            EndpointProperty.Scheme => endpoint.Scheme,
            EndpointProperty.Port or EndpointProperty.TargetPort => Port(endpoint.Resource, endpoint.EndpointAnnotation),
            EndpointProperty.HostAndPort => $"{host}:{Port(endpoint.Resource, endpoint.EndpointAnnotation)}",
            _ => $"{endpoint.Scheme}://{host}:{Port(endpoint.Resource, endpoint.EndpointAnnotation)}",
        };
    }

    private static string Variable(IResource resource) => resource.Name.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
}
