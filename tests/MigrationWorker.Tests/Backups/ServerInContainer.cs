using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>A PostgreSQL in a container, reached through a port of the loopback address.</summary>
internal sealed class ServerInContainer : IAsyncDisposable
{
    private ServerInContainer(string id, string connectionString)
    {
        Id = id;
        ConnectionString = connectionString;
    }

    public string Id { get; }

    /// <summary>Connection string of the superuser, for a database <c>moviedb</c> that is not there yet.</summary>
    public string ConnectionString { get; }

    public static async Task<ServerInContainer> StartAsync(string image = Prerequisite.PostgresImage)
    {
        var id = (
            await DockerAsync(
                "run", "--detach", "--rm", "--env", "POSTGRES_PASSWORD=it's secret", "--publish", "127.0.0.1::5432", image)).Trim();
        var port = (await DockerAsync("port", id, "5432/tcp")).Split(':')[^1].Trim();
        var server = new ServerInContainer(id, $"Host=127.0.0.1;Port={port};Username=postgres;Password=it's secret;Database=moviedb");
        await Eventually.SucceedsAsync(
            () => Sql.ExecuteAsync(server.ConnectionString.Replace("=moviedb", "=postgres", StringComparison.Ordinal), "SELECT 1"));
        return server;
    }

    public static async Task<string> DockerAsync(params string[] arguments) =>
        (await Testing.Cli.RunAsync("docker", arguments)).EnsureSuccess($"docker {arguments[0]}").Output;

    public async ValueTask DisposeAsync() => await DockerAsync("rm", "--force", "--volumes", Id);
}
