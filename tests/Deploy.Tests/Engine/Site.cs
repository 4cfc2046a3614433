using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A server of its own: a copy of <c>deploy/</c>, with containers, volumes and a port that no other test has.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly string _project = $"movieaspire-test-{Guid.NewGuid():N}"[..28];
    private readonly Dictionary<string, string> _environment;

    public Site()
    {
        Folder = Directory.CreateTempSubdirectory("movieaspire-site-").FullName;
        Repository.Copy(Repository.PathOf("deploy"), Folder);
        foreach (var ofTheDeveloper in Directory.GetFiles(Folder).Where(file => Path.GetFileName(file) is ".env" or "releases.log"))
        {
            File.Delete(ofTheDeveloper);
        }

        if (Directory.Exists(InFolder("secrets")))
        {
            Directory.Delete(InFolder("secrets"), recursive: true);
        }

        var port = FreePort();
        _environment = new() { ["COMPOSE_PROJECT_NAME"] = _project, ["API_ADDRESS"] = $"127.0.0.1:{port}" };
        Http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string Folder { get; }

    public string Project => _project;

    public HttpClient Http { get; }

    public string Password => File.ReadAllText(InFolder("secrets/postgres-password")).Trim();

    public string InFolder(string path) => Path.Combine(Folder, path);

    public async Task<Outcome> ScriptAsync(string script, params string[] arguments) =>
        await Shell.TryAsync(InFolder(script), arguments, Path.GetTempPath(), _environment);

    public async Task<string> ComposeAsync(params string[] arguments) =>
        (await TryComposeAsync(arguments)).MustSucceed($"docker compose {string.Join(' ', arguments)}").Output.Trim();

    public Task<Outcome> TryComposeAsync(params string[] arguments) => Shell.TryAsync("docker", ["compose", .. arguments], Folder, _environment);

    /// <summary>Runs the worker with a command of its own.</summary>
    public Task<string> WorkerAsync(params string[] command) => ComposeAsync(["run", "--rm", "--no-TTY", "--no-deps", "migrations", .. command]);

    /// <summary>Asks the database; values come separated by <c>|</c>, rows by line ends.</summary>
    public Task<string> SqlAsync(string sql, string database = "moviedb") =>
        ComposeAsync("exec", "--no-TTY", "--env", $"PGPASSWORD={Password}", "postgres", "psql", "--host=127.0.0.1", "--username=postgres", "--no-align", "--tuples-only", "--quiet", "--dbname", database, "--command", sql);

    public async Task<string> ContainerAsync(string service) => await ComposeAsync("ps", "--all", "--quiet", service);

    public async Task<string> StatusAsync(string path = "/health")
    {
        using var response = await Http.GetAsync(path);
        return $"{(int)response.StatusCode}";
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await TryComposeAsync("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "2");
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
