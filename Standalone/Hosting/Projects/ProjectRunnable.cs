using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Runs a project from its build output.</summary>
internal sealed class ProjectRunnable(ProjectResource project, string id, int replica, SupervisorServices services) : IRunnable
{
    private ChildProcess? _process;

    public async Task<RunInfo> StartAsync(CancellationToken cancellationToken)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Single();
        var output = await ProjectOutput.FindAsync(services.Builder.AppHostAssembly, metadata.ProjectPath, cancellationToken);
        var endpoints = InstanceEndpoint.Of(project, replica);
        foreach (var endpoint in endpoints)
        {
            await Ports.RequireFreeAsync(endpoint.Port, id);
        }

        var given = await ProjectEnvironment.EvaluateAsync(project, id, endpoints, services, cancellationToken);
        var arguments = await ResourceCallbacks.ArgumentsAsync(project, services.Builder.ExecutionContext, cancellationToken);
        var command = new Command(DotNet(), ["exec", output, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(metadata.ProjectPath),
            Environment = ProjectEnvironment.Inherit(given),
        };
        _process = ChildProcess.Start(command, services.Guard, (line, isError) => services.Loggers.Append(id, line, isError));

        return new RunInfo(endpoints.Count == 0 ? $"process {_process.Id}" : string.Join(' ', endpoints.Select(e => e.Url)), _process.Exited)
        {
            Properties =
            [
                new("project.path", metadata.ProjectPath),
                .. arguments.Count > 0 ? [new("executable.args", string.Join(' ', arguments))] : Array.Empty<ResourcePropertySnapshot>(),
                new("executable.pid", _process.Id.ToString(CultureInfo.InvariantCulture)),
            ],
            Environment = [.. given.Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true))],
            Urls = await UrlsAsync(endpoints, cancellationToken),
        };
    }

    public Task StopAsync(TimeSpan grace) => _process?.StopAsync(grace) ?? Task.CompletedTask;

    /// <summary>The runtime that runs the AppHost itself, whatever PATH says.</summary>
    private static string DotNet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, name) is var own && File.Exists(own) ? own : name;
    }

    private async Task<ImmutableArray<UrlSnapshot>> UrlsAsync(IReadOnlyList<InstanceEndpoint> endpoints, CancellationToken cancellationToken)
    {
        var urls = endpoints.Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = new EndpointReference(project, e.Annotation) })
            .Concat(project.Annotations.OfType<ResourceUrlAnnotation>()).ToList();
        var context = new ResourceUrlsCallbackContext(services.Builder.ExecutionContext, project, urls, cancellationToken);
        foreach (var callback in project.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return [.. context.Urls.Select(u => new UrlSnapshot(u.DisplayText ?? u.Endpoint?.EndpointName, u.Url, IsInternal: false))];
    }
}

/// <summary>An endpoint of one instance. Further replicas listen on ports of their own.</summary>
internal sealed record InstanceEndpoint(EndpointAnnotation Annotation, int Port)
{
    public string Url => $"{Annotation.UriScheme}://localhost:{Port}";

    public static IReadOnlyList<InstanceEndpoint> Of(ProjectResource project, int replica) =>
        [.. project.Annotations.OfType<EndpointAnnotation>().Select(e => new InstanceEndpoint(e, replica == 0 ? e.AllocatedEndpoint!.Port : Ports.Free()))];
}
