namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>
/// The images of this checkout, and those of a release after it, which has one more migration; built once for all tests.
/// </summary>
public sealed class Images : IAsyncLifetime
{
    /// <summary>Lies in the places of a clone where people keep secrets, while the images are built.</summary>
    public const string Canary = "canary-7f0c2d9e41";

    /// <summary>The database's image, as the compose file names it.</summary>
    public const string Postgres = "postgres:18.3";

    private readonly string _tag = $"{Guid.NewGuid():N}"[..12];
    private readonly string _clone = Directory.CreateTempSubdirectory("movieaspire-clone-").FullName;
    private readonly Lazy<Task> _next;
    private readonly Lazy<Task<Site>> _sharedSite;

    public Images()
    {
        _next = new(BuildNextAsync);
        _sharedSite = new(() => Site.DeployedAsync(this, ("ALLOWED_HOSTS", "127.0.0.1")));
    }

    public string Api => $"movieaspire-test/api:{_tag}";

    public string Migrations => $"movieaspire-test/migrations:{_tag}";

    public string NextApi => $"movieaspire-test/api:{_tag}-next";

    public string NextMigrations => $"movieaspire-test/migrations:{_tag}-next";

    public async Task InitializeAsync()
    {
        if (!ContainerFactAttribute.EngineIsThere)
        {
            return;
        }

        Repository.Copy(Repository.Root, _clone);
        Directory.CreateDirectory(Path.Combine(_clone, "deploy/secrets"));
        foreach (var secret in (string[])[".env", "deploy/.env", "deploy/secrets/postgres-password", "Api/.env", "Api/bin/leak.txt", "MigrationWorker/.env"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_clone, secret))!);
            await File.WriteAllTextAsync(Path.Combine(_clone, secret), Canary);
        }

        await BuildAsync("Api/Dockerfile", Api);
        await BuildAsync("MigrationWorker/Dockerfile", Migrations);
    }

    /// <summary>Builds the release after this one, when the first test asks for it.</summary>
    public Task NextAsync() => _next.Value;

    /// <summary>Deploys the images, when the first test asks for it.</summary>
    internal Task<Site> SharedSiteAsync() => _sharedSite.Value;

    public async Task DisposeAsync()
    {
        if (_sharedSite is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _sharedSite.Value).DisposeAsync();
        }

        if (ContainerFactAttribute.EngineIsThere)
        {
            await Shell.TryAsync("docker", ["rmi", "--force", Api, Migrations, NextApi, NextMigrations]);
        }

        Directory.Delete(_clone, recursive: true);
    }

    private async Task BuildNextAsync()
    {
        var folder = Repository.PathOf("tests/Deploy.Tests/NextRelease");
        foreach (var (previous, next) in new[] { (Api, NextApi), (Migrations, NextMigrations) })
        {
            await BuildAsync(Path.Combine(folder, "Dockerfile"), next, "--build-arg", $"PREVIOUS={previous}", "--build-context", $"next={folder}");
        }
    }

    private async Task BuildAsync(string dockerfile, string image, params string[] options) =>
        await Shell.DockerAsync(
            ["build", "--quiet", "--file", Path.Combine(_clone, dockerfile), "--tag", image, .. options, _clone]);
}
