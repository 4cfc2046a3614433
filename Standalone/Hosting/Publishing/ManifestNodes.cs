using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The parts of a manifest that are the same for every resource.</summary>
internal static class ManifestNodes
{
    public static JsonObject Binding(EndpointAnnotation endpoint)
    {
        var binding = new JsonObject
        {
            ["scheme"] = endpoint.UriScheme,
            ["protocol"] = endpoint.Protocol.ToString().ToLowerInvariant(),
            ["transport"] = endpoint.Transport,
        };
        if (endpoint.Port is { } port)
        {
            binding["port"] = port;
        }

        if (endpoint.TargetPort is { } targetPort)
        {
            binding["targetPort"] = targetPort;
        }

        if (endpoint.IsExternal)
        {
            binding["external"] = true;
        }

        return binding;
    }

    public static JsonObject Parameter(ParameterResource parameter)
    {
        var input = new JsonObject { ["type"] = "string" };
        if (parameter.Secret)
        {
            input["secret"] = true;
        }

        if (parameter.Default?.ToManifest() is { } fallback)
        {
            input["default"] = fallback;
        }

        return new JsonObject
        {
            ["type"] = "parameter.v0",
            ["value"] = $"{{{parameter.Name}.inputs.value}}",
            ["inputs"] = new JsonObject { ["value"] = input },
        };
    }
}
