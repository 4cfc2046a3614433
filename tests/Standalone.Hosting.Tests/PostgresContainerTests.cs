using MovieAspire.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>A test that needs Docker and the image of the AppHost's PostgreSQL.</summary>
public sealed class EngineFactAttribute : FactAttribute
{
    private const string Image = "docker.io/library/postgres:18.3";

    private static readonly string? Missing = Prerequisite.Missing(
        () => Prerequisite.Succeeds("docker", "image", "inspect", Image), $"No Docker engine has the image {Image}.");

    public EngineFactAttribute() => Skip = Missing;
}

public sealed class PostgresContainerTests
{
    [EngineFact]
    public async Task Data_outlives_the_container_and_the_container_ends_with_the_AppHost()
    {
        using var home = new TemporaryFolder();
        try
        {
            await using (var first = await StoreAppHost.StartAsync(home, "container"))
            {
                await first.QueryAsync("CREATE TABLE kept AS SELECT 42 AS answer");
                Assert.NotEqual("", await DockerAsync($"ps --quiet --filter label=aspire.standalone.data={Label(home)}"));
            }

            Assert.Equal("", await DockerAsync($"ps --all --quiet --filter label=aspire.standalone.data={Label(home)}"));
            await using var second = await StoreAppHost.StartAsync(home, "container");
            Assert.Equal(42, await second.QueryAsync("SELECT answer FROM kept"));
        }
        finally
        {
            await DockerAsync($"volume rm {VolumeOf(home)}");
        }
    }

    [EngineFact]
    public async Task A_container_that_a_killed_AppHost_left_behind_is_replaced()
    {
        using var home = new TemporaryFolder();
        try
        {
            var first = await StoreAppHost.StartAsync(home, "container");
            var left = await DockerAsync($"ps --quiet --filter label=aspire.standalone.data={Label(home)}");
            await first.AbandonAsync();
            Assert.Equal(left, await DockerAsync($"ps --quiet --filter label=aspire.standalone.data={Label(home)}"));

            await using var second = await StoreAppHost.StartAsync(home, "container");
            Assert.NotEqual(left, await DockerAsync($"ps --quiet --filter label=aspire.standalone.data={Label(home)}"));
        }
        finally
        {
            await DockerAsync($"volume rm {VolumeOf(home)}");
        }
    }

    private static string Label(TemporaryFolder home) => home.Below("data", AppHostMetadata.ShortHash(home.Path), "postgres");

    private static string VolumeOf(TemporaryFolder home) => $"movieaspire.standalone.hosting.tests.apphost-{AppHostMetadata.ShortHash(home.Path)}-postgres-data";

    private static async Task<string> DockerAsync(string arguments)
    {
        var result = await Tool.RunAsync(new Command("docker", arguments.Split(' ')), TimeSpan.FromSeconds(20));
        return result!.Output.Trim();
    }
}
