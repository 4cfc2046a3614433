using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Runs a PostgreSQL server, in a container or from the machine's own binaries.</summary>
internal sealed class PostgresRunnable(PostgresServerResource server, SupervisorServices services) : IRunnable
{
    private ChildProcess? _process;
    private DataFolder? _folder;

    public async Task<RunInfo> StartAsync(CancellationToken cancellationToken)
    {
        var port = server.PrimaryEndpoint.Port;
        await Ports.RequireFreeAsync(port, server.Name);
        _folder?.Dispose();
        _folder = DataFolder.Open(services, server);

        var logger = services.Loggers.GetLogger(server);
        var settings = services.Builder.Configuration;
        var installed = await PostgresBinaries.FindAllAsync(settings["Standalone:PostgresBinaries"], cancellationToken);
        var choice = new PostgresChoice(settings, installed, _folder, logger);
        var image = server.Annotations.OfType<ContainerImageAnnotation>().Last().FullName;
        IPostgresFlavour flavour = await choice.ContainerAsync(image, cancellationToken) is { } engine
            ? new PostgresContainer(engine, image, server, _folder, services)
            : new PostgresProcess(installed, _folder);
        _folder.Remember(flavour.Kind);

        var login = new PostgresLogin((await server.UserNameReference.GetValueAsync(cancellationToken))!, (await server.PasswordParameter.GetValueAsync(cancellationToken))!);
        var command = await flavour.PrepareAsync(port, login, cancellationToken);
        _process = ChildProcess.Start(command, services.Guard, (line, isError) => services.Loggers.Append(server.Name, line, isError: false));
        await AwaitLoginAsync(_process, cancellationToken);
        return new RunInfo($"localhost:{port}  {flavour.Description}", _process.Exited)
        {
            Properties = [new("executable.pid", _process.Id), new("standalone.data", flavour.DataLocation)],
        };
    }

    public async Task StopAsync(TimeSpan grace)
    {
        if (_process is not null)
        {
            await _process.StopAsync(grace);
            _process.Dispose();
        }

        _folder?.Dispose();
        _folder = null;
    }

    private async Task AwaitLoginAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await PostgresConnection.OpenAsync(server, cancellationToken);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                throw new DistributedApplicationException(
                    $"The data in {_folder!.Location} was made with another user name or password than the parameter '{server.PasswordParameter.Name}' now has. Restore the old value (dotnet user-secrets), or move the data away to start empty.");
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                // Not up yet.
            }

            if (process.Exited.IsCompleted)
            {
                throw new ProcessEndedException($"PostgreSQL ended with exit code {await process.Exited} while it was starting");
            }

            await Task.WhenAny(process.Exited, Task.Delay(40, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>The process itself says why it is gone; its last lines are worth showing.</summary>
internal sealed class ProcessEndedException(string message) : DistributedApplicationException(message);

/// <summary>The superuser of a server.</summary>
internal sealed record PostgresLogin(string UserName, string Password);

/// <summary>A way to run PostgreSQL.</summary>
internal interface IPostgresFlavour
{
    string Kind { get; }

    string Description { get; }

    /// <summary>Where the data is kept, for people.</summary>
    string DataLocation { get; }

    /// <summary>Makes everything ready and says what to start.</summary>
    Task<Command> PrepareAsync(int port, PostgresLogin login, CancellationToken cancellationToken);
}
