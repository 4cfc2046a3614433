using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Writes the manifest that azd reads.</summary>
internal sealed class ManifestWriter(IDistributedApplicationBuilder builder, DistributedApplicationModel model, string file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly ManifestValues _values = new();

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var resources = new JsonObject();
        var listed = model.Resources.Where(r => !r.Annotations.OfType<ManifestPublishingCallbackAnnotation>().Any()).ToList();
        foreach (var resource in listed.Where(r => r is not DockerComposeAspireDashboardResource))
        {
            resources[resource.Name] = await DescribeAsync(resource, cancellationToken);
        }

        // What the others refer to without being in the model themselves.
        foreach (var parameter in _values.Parameters.Where(p => !resources.ContainsKey(p.Name)))
        {
            resources[parameter.Name] = ManifestNodes.Parameter(parameter);
        }

        foreach (var parameter in _values.UriEncoded)
        {
            resources[ManifestValues.UriEncodedName(parameter)] = new JsonObject
            {
                ["type"] = "annotated.string",
                ["value"] = parameter.ValueExpression,
                ["filter"] = "uri",
            };
        }

        // The dashboard stands last, as in what Aspire writes.
        foreach (var dashboard in listed.OfType<DockerComposeAspireDashboardResource>())
        {
            resources[dashboard.Name] = await DescribeAsync(dashboard, cancellationToken);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, new JsonObject { ["resources"] = resources }.ToJsonString(Indented), cancellationToken);
    }

    private async Task<JsonObject> DescribeAsync(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        ProjectResource project => await ProjectAsync(project, cancellationToken),
        ContainerResource container => await ContainerAsync(container, cancellationToken),
        ParameterResource parameter => ManifestNodes.Parameter(parameter),
        IResourceWithConnectionString withConnectionString => new JsonObject
        {
            ["type"] = "value.v0",
            ["connectionString"] = _values.Of(withConnectionString.ConnectionStringExpression),
        },
        _ => new JsonObject { ["error"] = "This resource does not support generation in the manifest." },
    };

    private async Task<JsonObject> ProjectAsync(ProjectResource project, CancellationToken cancellationToken)
    {
        var path = Path.GetRelativePath(Path.GetDirectoryName(file)!, project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath);
        var described = new JsonObject { ["type"] = "project.v1", ["path"] = path.Replace('\\', '/') };
        await DescribeProcessAsync(described, project, cancellationToken);
        return described;
    }

    private async Task<JsonObject> ContainerAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        var described = new JsonObject { ["type"] = "container.v1" };
        if (container is IResourceWithConnectionString withConnectionString)
        {
            described["connectionString"] = _values.Of(withConnectionString.ConnectionStringExpression);
        }

        described["image"] = container.Annotations.OfType<ContainerImageAnnotation>().Last().FullName;
        if (container.Entrypoint is not null)
        {
            described["entrypoint"] = container.Entrypoint;
        }

        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume).ToList();
        if (volumes.Count > 0)
        {
            described["volumes"] = new JsonArray([.. volumes.Select(v => new JsonObject { ["name"] = v.Source, ["target"] = v.Target, ["readOnly"] = v.IsReadOnly })]);
        }

        await DescribeProcessAsync(described, container, cancellationToken);
        return described;
    }

    private async Task DescribeProcessAsync(JsonObject described, IResource resource, CancellationToken cancellationToken)
    {
        var arguments = await ResourceCallbacks.RawArgumentsAsync(resource, builder.ExecutionContext, cancellationToken);
        if (arguments.Count > 0)
        {
            described["args"] = new JsonArray([.. arguments.Select(a => JsonValue.Create(_values.Of(a)))]);
        }

        var environment = await ResourceCallbacks.RawEnvironmentAsync(resource, builder.ExecutionContext, [], cancellationToken);
        if (environment.Count > 0)
        {
            described["env"] = new JsonObject(environment.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)_values.Of(v.Value))));
        }

        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count > 0)
        {
            described["bindings"] = new JsonObject(endpoints.Select(e => KeyValuePair.Create(e.Name, (JsonNode?)ManifestNodes.Binding(e))));
        }
    }
}
