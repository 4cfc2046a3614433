using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// PostgreSQL from its image. The engine's client stays attached, so that the container's output is the resource's,
/// signals reach the server, and the container goes when the client does.
/// </summary>
internal sealed class PostgresContainer(ContainerEngine engine, string image, PostgresServerResource server, DataFolder folder, SupervisorServices services) : IPostgresFlavour
{
    private readonly ContainerMountAnnotation? _volume = server.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Type == ContainerMountType.Volume);

    public string Kind => PostgresChoice.Container;

    public string Description => $"{engine.Name} container of {image}";

    public string DataLocation => folder.IsKept ? $"{engine.Name} volume {_volume?.Source}" : "thrown away";

    public async Task<Command> PrepareAsync(int port, PostgresLogin login, CancellationToken cancellationToken)
    {
        var label = $"aspire.standalone.data={folder.Location}";
        await engine.RemoveAsync(label, cancellationToken);

        var environment = await ResourceCallbacks.EnvironmentAsync(server, services.Builder.ExecutionContext, [], cancellationToken);
        List<string> arguments = ["run", "--rm", "--name", $"{server.Name}-{Guid.NewGuid():N}"[..(server.Name.Length + 9)], "--label", label, "--publish", $"127.0.0.1:{port}:5432"];
        // By name only: values on a command line can be read by everybody on the machine.
        arguments.AddRange(environment.Keys.SelectMany(name => new[] { "--env", name }));
        if (folder.IsKept && _volume is not null)
        {
            arguments.AddRange(["--volume", $"{_volume.Source}:{_volume.Target}"]);
        }

        arguments.Add(image);
        // SIGINT is PostgreSQL's fast shutdown: clients are sent away instead of being waited for.
        return engine.Command(arguments) with { Environment = ProjectEnvironment.Inherit(environment), StopSignal = "INT" };
    }
}
