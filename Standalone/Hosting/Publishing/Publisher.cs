using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Writes the files of a publish, as <c>--operation publish</c> asks for them.</summary>
internal sealed class Publisher(IDistributedApplicationBuilder builder, DistributedApplicationModel model, ConsoleReport console)
{
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        DashboardPublishing.AddTo(model);
        var settings = builder.Configuration;
        var output = settings["Pipeline:OutputPath"] is { Length: > 0 } given ? Path.GetFullPath(given) : null;
        if (settings["Publishing:Publisher"] is { } publisher)
        {
            if (!Names.Equal(publisher, "manifest"))
            {
                throw new DistributedApplicationException($"There is no publisher '{publisher}'. Ask for --publisher manifest, or for --step publish.");
            }

            var file = output is null ? Path.GetFullPath("aspire-manifest.json") : Directory.Exists(output) ? Path.Combine(output, "aspire-manifest.json") : output;
            await new ManifestWriter(builder, model, file).WriteAsync(cancellationToken);
            console.Note($"Published manifest to: {file}");
            return;
        }

        if (settings["Pipeline:Step"] is { } step && !Names.Equal(step, "publish"))
        {
            throw new DistributedApplicationException($"The stand-in host has no step '{step}'; it has 'publish'. Deploy what that writes with docker compose.");
        }

        var environments = model.Resources.OfType<DockerComposeEnvironmentResource>().ToList();
        if (environments.Count == 0)
        {
            throw new DistributedApplicationException("There is nothing to publish to: the AppHost adds no environment (AddDockerComposeEnvironment).");
        }

        output ??= Path.GetFullPath("aspire-output");
        foreach (var environment in environments)
        {
            var folder = environments.Count == 1 ? output : Path.Combine(output, environment.Name);
            await new ComposeWriter(builder, model, environment, folder).WriteAsync(cancellationToken);
            console.Note($"Published {environment.Name} to: {folder}");
        }
    }
}
