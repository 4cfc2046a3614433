using MovieAspire.Testing;

// Run the test classes in parallel: they mostly wait for containers.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>
/// The images of this clone, and those of a later release, which has one more migration. Test classes run in parallel on the same images:
/// the first class builds them, the last one removes them.
/// </summary>
public sealed class Images : IAsyncLifetime
{
    /// <summary>A text in the files of secrets of the clone while the images are built.</summary>
    public const string Canary = "canary-7f0c2d9e41";

    /// <summary>The database's image in the compose file.</summary>
    public const string Postgres = "postgres:18.3";

    private static readonly string Tag = $"{Guid.NewGuid():N}"[..12];
    private static readonly SemaphoreSlim Lock = new(1);
    private static int _users;
    private static string _clone = "";
    private static Lazy<Task> _next = null!;

    public static string Api { get; } = $"movieaspire-test/api:{Tag}";

    public static string Migrations { get; } = $"movieaspire-test/migrations:{Tag}";

    public static string Admin { get; } = $"movieaspire-test/admin:{Tag}";

    public static string NextApi { get; } = $"{Api}-next";

    public static string NextMigrations { get; } = $"{Migrations}-next";

    public async Task InitializeAsync()
    {
        if (!Docker.IsThere)
        {
            return;
        }

        await Lock.WaitAsync();
        try
        {
            if (_users++ == 0)
            {
                await BuildAsync();
            }
        }
        finally
        {
            Lock.Release();
        }
    }

    /// <summary>Builds the later release when the first test needs it.</summary>
    public static Task NextAsync() => _next.Value;

    public async Task DisposeAsync()
    {
        if (!Docker.IsThere)
        {
            return;
        }

        await Lock.WaitAsync();
        try
        {
            if (--_users == 0)
            {
                await Cli.RunAsync("docker", ["rmi", "--force", Api, Migrations, Admin, NextApi, NextMigrations]);
                Directory.Delete(_clone, recursive: true);
            }
        }
        finally
        {
            Lock.Release();
        }
    }

    private static async Task BuildAsync()
    {
        _clone = Directory.CreateTempSubdirectory("movieaspire-clone-").FullName;
        _next = new(BuildNextAsync);
        Repository.Copy(Repository.Root, _clone);
        string[] secrets =
            [".env", "deploy/.env", "deploy/secrets/postgres-password", "Api/.env", "Api/bin/leak.txt", "MigrationWorker/.env", "Admin/.env"];
        foreach (var secret in secrets)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_clone, secret))!);
            await File.WriteAllTextAsync(Path.Combine(_clone, secret), Canary);
        }

        foreach (var (target, image) in new[] { ("api", Api), ("migrations", Migrations), ("admin", Admin) })
        {
            await BuildAsync(_clone, Path.Combine(_clone, "deploy/Dockerfile"), image, "--target", target);
        }
    }

    /// <summary>Compiles the later release outside of the engine, where packages and a running compiler are at hand.</summary>
    private static async Task BuildNextAsync()
    {
        var folder = Repository.PathOf("tests/Deploy.Tests/NextRelease");
        var source = Path.Combine(_clone, "next");
        Repository.Copy(Repository.PathOf("Data"), Path.Combine(source, "Data"));
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig" })
        {
            File.Copy(Repository.PathOf(file), Path.Combine(source, file));
        }

        foreach (var script in Directory.GetFiles(folder, "*.sql"))
        {
            File.Copy(script, Path.Combine(source, "Data/Migrations/Scripts", Path.GetFileName(script)));
        }

        var output = Path.Combine(source, "output");
        (await Cli.RunInAsync(
            source,
            [],
            "dotnet",
            ["build", "Data/Data.csproj", "--configuration", "Release", "-p:RunAnalyzers=false", "-nodeReuse:false", "--output", output]))
            .EnsureSuccess("dotnet build");
        foreach (var (previous, next) in new[] { (Api, NextApi), (Migrations, NextMigrations) })
        {
            await BuildAsync(output, Path.Combine(folder, "Dockerfile"), next, "--build-arg", $"PREVIOUS={previous}");
        }
    }

    private static async Task BuildAsync(string context, string dockerfile, string image, params string[] options) =>
        await Docker.RunAsync(["build", "--quiet", "--file", dockerfile, "--tag", image, .. options, context]);
}
