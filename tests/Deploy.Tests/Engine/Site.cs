using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A copy of <c>deploy/</c> with its own containers, volumes and port.</summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>Copies <c>deploy/</c>, unless a copy is given, which then belongs to the site.</summary>
    public Site(string? copy = null)
    {
        Folder = copy ?? Directory.CreateTempSubdirectory("movieaspire-site-").FullName;
        if (copy is null)
        {
            Repository.Copy(Repository.PathOf("deploy"), Folder);
        }

        // A developer's site may have left these in the clone.
        foreach (var own in new[] { ".env", "releases.log", ".lock", "compose.override.yaml" })
        {
            File.Delete(InFolder(own));
        }

        if (Directory.Exists(InFolder("secrets")))
        {
            Directory.Delete(InFolder("secrets"), recursive: true);
        }

        var port = FreePort.Find();
        Environment = new Dictionary<string, string>
        {
            ["COMPOSE_PROJECT_NAME"] = Project,
            ["API_ADDRESS"] = $"127.0.0.1:{port}",
        };
        Http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The environment of the scripts, with this site's own names and port.</summary>
    public IDictionary<string, string> Environment { get; }

    public string Folder { get; }

    public string Project { get; } = $"movieaspire-test-{Guid.NewGuid():N}"[..28];

    public HttpClient Http { get; }

    public string Password => File.ReadAllText(InFolder("secrets/postgres-password")).Trim();

    /// <summary>Creates a site and deploys the images of this clone.</summary>
    public static async Task<Site> DeployedAsync(params (string Name, string Value)[] settings)
    {
        var site = new Site();
        site.Environment["SEED_PROFILE"] = "none";
        foreach (var (name, value) in settings)
        {
            site.Environment[name] = value;
        }

        try
        {
            (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations)).EnsureSuccess("deploy.sh");
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public string InFolder(string path) => Path.Combine(Folder, path);

    /// <summary>Runs a script of <c>deploy/</c>, from another folder.</summary>
    public Task<ProcessResult> ScriptAsync(string script, params string[] arguments) =>
        Cli.RunInAsync(Path.GetTempPath(), Environment, InFolder(script), arguments);

    public async Task<string> ComposeAsync(params string[] arguments) =>
        (await Cli.RunInAsync(Folder, Environment, "docker", ["compose", "--progress", "quiet", .. arguments]))
        .EnsureSuccess($"docker compose {string.Join(' ', arguments)}").Output.Trim();

    /// <summary>Runs the worker with a command of its own.</summary>
    public Task<string> WorkerAsync(params string[] command) =>
        ComposeAsync(["run", "--rm", "--no-TTY", "--no-deps", "migrations", .. command]);

    /// <summary>Queries the database. Values are separated by <c>|</c>, rows by newlines.</summary>
    public Task<string> SqlAsync(string sql, string database = "moviedb") => ComposeAsync(
        "exec", "--no-TTY", "--env", $"PGPASSWORD={Password}", "postgres",
        "psql", "--host=127.0.0.1", "--username=postgres", "--no-align", "--tuples-only", "--quiet",
        "--set=ON_ERROR_STOP=1", $"--dbname={database}", $"--command={sql}");

    /// <summary>The id of a service's container.</summary>
    public Task<string> ContainerAsync(string service) => ComposeAsync("ps", "--all", "--quiet", service);

    /// <summary>Reads a template of <c>docker inspect</c> for a service's container.</summary>
    public async Task<string> InspectAsync(string service, string template) =>
        await Docker.RunAsync("inspect", "--format", template, await ContainerAsync(service));

    /// <summary>Waits until the API is ready.</summary>
    public Task BecomesHealthyAsync() => Eventually.SucceedsAsync(async () =>
    {
        using var response = await Http.GetAsync("/health");
        response.EnsureSuccessStatusCode();
    });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Cli.RunInAsync(Folder, Environment, "docker", ["compose", "down", "--volumes", "--remove-orphans", "--timeout", "0"]);
        Directory.Delete(Folder, recursive: true);
    }
}
