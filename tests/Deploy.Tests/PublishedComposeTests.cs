using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>What Aspire's publisher writes is good by itself, without the overlay of <c>deploy/</c>.</summary>
[Collection(ContainerTests.Name)]
public sealed class PublishedComposeTests(Images images)
{
    [ContainerFact]
    public async Task Published_compose_file_alone_becomes_healthy_and_runs_the_worker_once()
    {
        await using var site = new Site();
        File.Delete(site.InFolder("docker-compose.override.yaml"));
        await File.WriteAllTextAsync(site.InFolder(".env"), $"""
            API_IMAGE={images.Api}
            API_PORT=8080
            MIGRATIONS_IMAGE={images.Migrations}
            POSTGRES_PASSWORD=not-a-secret

            """);

        await site.ComposeAsync("up", "--detach", "--wait", "postgres", "migrations", "api");

        using var http = new HttpClient { BaseAddress = new($"http://{(await site.ComposeAsync("port", "api", "8080")).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)}") };
        await Eventually.SucceedsAsync(async () => (await http.GetAsync("/health")).EnsureSuccessStatusCode());
        Assert.Equal("exited 0 0", await Shell.DockerAsync(
            "inspect", "--format", "{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}", await site.ContainerAsync("migrations")));

        var containers = await site.ComposeAsync("ps", "--all", "--quiet");
        await site.ComposeAsync("up", "--detach", "--wait", "postgres", "migrations", "api");
        Assert.Equal(containers, await site.ComposeAsync("ps", "--all", "--quiet"));
    }
}
