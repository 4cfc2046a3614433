using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

[Collection(ContainerTests.Name)]
public sealed class UpgradeTests(Images images)
{
    private const string CommentOfMovies = "SELECT obj_description('movies'::regclass)";

    [ContainerFact]
    public async Task Release_with_a_migration_takes_over_and_can_be_rolled_back()
    {
        await images.NextAsync();
        await using var site = await Site.DeployedAsync(images);
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept', '2001-02-03')");

        (await site.ScriptAsync("deploy.sh", images.NextApi, images.NextMigrations)).MustSucceed("deploy.sh");

        Assert.Equal("next release", await site.SqlAsync(CommentOfMovies));
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
        Assert.Equal(images.NextApi, await ServingImageAsync(site));

        (await site.ScriptAsync("rollback.sh")).MustSucceed("rollback.sh");

        await site.BecomesHealthyAsync();
        Assert.Equal(images.Api, await ServingImageAsync(site));
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
    }

    [ContainerFact]
    public async Task Migration_that_fails_halfway_leaves_the_old_version_serving()
    {
        await images.NextAsync();
        await using var site = await Site.DeployedAsync(images);
        await site.SqlAsync("ALTER DATABASE moviedb SET movieaspire.break = 'yes'");
        var api = await site.ContainerAsync("api");

        var outcome = await site.ScriptAsync("deploy.sh", images.NextApi, images.NextMigrations);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("broken on purpose", outcome.All, StringComparison.Ordinal);
        Assert.Contains($"{images.Api} serves on", outcome.LastLine, StringComparison.Ordinal);
        Assert.Equal("", await site.SqlAsync(CommentOfMovies));
        await StillServesAsync(site, api);

        await site.SqlAsync("ALTER DATABASE moviedb RESET movieaspire.break");
        (await site.ScriptAsync("deploy.sh", images.NextApi, images.NextMigrations)).MustSucceed("deploy.sh after the mending");
    }

    [ContainerFact]
    public async Task Api_that_does_not_start_leaves_the_old_version_serving()
    {
        await images.NextAsync();
        await using var site = await Site.DeployedAsync(images);
        var api = await site.ContainerAsync("api");

        // The worker's image is no API: it ends.
        var outcome = await site.ScriptAsync("deploy.sh", images.NextMigrations, images.NextMigrations);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("the new API did not become healthy", outcome.LastLine, StringComparison.Ordinal);
        await StillServesAsync(site, api);
        Assert.Single((await Shell.DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={site.Project}", "--filter", "label=com.docker.compose.service=api")).Split('\n'));
    }

    private static async Task StillServesAsync(Site site, string api)
    {
        await site.BecomesHealthyAsync();
        Assert.Equal(api, await site.ContainerAsync("api"));
        Assert.Equal("0", await Shell.DockerAsync("inspect", "--format", "{{.RestartCount}}", api));
        Assert.Equal(await ServingImageAsync(site), (await File.ReadAllLinesAsync(site.InFolder(".env"))).Single(line => line.StartsWith("API_IMAGE=", StringComparison.Ordinal))["API_IMAGE=".Length..]);
    }

    private static async Task<string> ServingImageAsync(Site site) =>
        await Shell.DockerAsync("inspect", "--format", "{{.Config.Image}}", await site.ContainerAsync("api"));
}
