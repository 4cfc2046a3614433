using System.Reflection;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>Images that the SDK makes without a Dockerfile.</summary>
[Collection(Collection)]
public sealed class PublishContainerTests
{
    /// <summary>The tests that make images of a site's own names, and remove them.</summary>
    public const string Collection = "images of movieaspire/*";

    // Where the SDK cannot reach the real registry, a local one has the base image.
    private const string LocalBase = "localhost:5000/dotnet/aspnet:10.0";

    private static readonly string BuildConfiguration =
        typeof(PublishContainerTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    [RequiresFact(Tool.Docker)]
    public async Task Api_image_runs_unprivileged_on_a_read_only_root()
    {
        var image = await PublishAsync("Api", "movieaspire/api");
        var container = await Docker.RunAsync(
            "run", "--detach", "--read-only",
            "--env", "DOTNET_EnableDiagnostics=0",
            "--env", "ConnectionStrings__moviedb=Host=nowhere.invalid",
            "--publish", "127.0.0.1::8080",
            image);
        try
        {
            using var http = new HttpClient { BaseAddress = new($"http://{await Docker.RunAsync("port", container, "8080")}") };
            await Eventually.SucceedsAsync(async () => (await http.GetAsync("/alive")).EnsureSuccessStatusCode());
            Assert.Equal("1654", await Docker.RunAsync("exec", container, "id", "-u"));
        }
        finally
        {
            await Docker.RunAsync("rm", "--force", container);
            await Docker.RunAsync("rmi", image);
        }
    }

    [RequiresFact(Tool.Docker)]
    public async Task Worker_image_prints_its_help()
    {
        var image = await PublishAsync("MigrationWorker", "movieaspire/migrations");
        try
        {
            var help = await Docker.RunAsync("run", "--rm", "--read-only", "--env", "DOTNET_EnableDiagnostics=0", image, "--help");
            Assert.Contains("Usage:", help, StringComparison.Ordinal);
        }
        finally
        {
            await Docker.RunAsync("rmi", image);
        }
    }

    private static async Task<string> PublishAsync(string project, string repository)
    {
        var tag = $"test-{Guid.NewGuid():N}"[..16];
        var isLocal = (await Cli.RunAsync("docker", ["image", "inspect", LocalBase])).ExitCode == 0;
        string[] local = isLocal ? [$"-p:ContainerBaseImage={LocalBase}"] : [];
        (await Cli.RunAsync(
            "dotnet",
            ["publish", Repository.PathOf(project, $"{project}.csproj"), "--no-build", "--configuration", BuildConfiguration,
             "-t:PublishContainer", $"-p:ContainerImageTag={tag}", .. local]))
            .EnsureSuccess("dotnet publish -t:PublishContainer");
        return $"{repository}:{tag}";
    }
}
