using System.Text.RegularExpressions;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

public sealed partial class UpgradeTests : IClassFixture<Images>
{
    private const string CommentOfMovies = "SELECT obj_description('movies'::regclass)";

    [RequiresFact(Tool.Docker)]
    public async Task Failed_migration_leaves_the_old_version_serving_and_its_fix_can_be_rolled_back()
    {
        await Images.NextAsync();
        await using var site = await Site.DeployedAsync();
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept', '2001-02-03')");
        await site.SqlAsync("ALTER DATABASE moviedb SET movieaspire.break = 'yes'");
        var api = await site.ContainerAsync("api");

        var result = await site.ScriptAsync("deploy.sh", Images.NextApi, Images.NextMigrations);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("broken on purpose", result.All, StringComparison.Ordinal);
        Assert.Contains($"{Images.Api} still serves", result.LastLine, StringComparison.Ordinal);
        Assert.Equal("", await site.SqlAsync(CommentOfMovies));
        await StillServesAsync(site, api);

        await site.SqlAsync("ALTER DATABASE moviedb RESET movieaspire.break");
        (await site.ScriptAsync("deploy.sh", Images.NextApi, Images.NextMigrations)).EnsureSuccess("deploy.sh after the fix");

        Assert.Equal("next release", await site.SqlAsync(CommentOfMovies));
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
        Assert.Equal(Images.NextApi, await ServingImageAsync(site));

        // The backup is the one of the attempt that failed: the database was the same at the next one.
        (await site.ScriptAsync("rollback.sh", "--with-database", "--yes")).EnsureSuccess("rollback.sh");

        await site.BecomesHealthyAsync();
        Assert.Equal(Images.Api, await ServingImageAsync(site));
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
        Assert.Equal("", await site.SqlAsync(CommentOfMovies));

        (await site.ScriptAsync("deploy.sh", Images.NextApi, Images.NextMigrations)).EnsureSuccess("deploy.sh once more");
        (await site.ScriptAsync("rollback.sh")).EnsureSuccess("rollback.sh without the database");

        await site.BecomesHealthyAsync();
        Assert.Equal(Images.Api, await ServingImageAsync(site));
        Assert.Equal("next release", await site.SqlAsync(CommentOfMovies));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Api_that_does_not_start_leaves_the_old_version_serving_and_its_fix_can_be_rolled_back_with_the_database()
    {
        await Images.NextAsync();
        await using var site = await Site.DeployedAsync();
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept', '2001-02-03')");
        var api = await site.ContainerAsync("api");

        // The worker's image is no API: it ends.
        var failed = await site.ScriptAsync("deploy.sh", Images.NextMigrations, Images.NextMigrations);

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("the new API did not become healthy", failed.LastLine, StringComparison.Ordinal);
        await StillServesAsync(site, api);
        Assert.Equal("next release", await site.SqlAsync(CommentOfMovies));
        var apis = await Docker.RunAsync(
            "ps", "--all", "--quiet",
            "--filter", $"label=com.docker.compose.project={site.Project}",
            "--filter", "label=com.docker.compose.service=api");
        Assert.Single(apis.Split('\n'));

        // The release that takes over goes back to before the migration, though an earlier attempt made it.
        (await site.ScriptAsync("deploy.sh", Images.NextApi, Images.NextMigrations)).EnsureSuccess("deploy.sh after the fix");
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Late', '2001-02-03')");

        var asked = await site.ScriptAsync("rollback.sh", "--with-database");
        Assert.Equal(1, asked.ExitCode);
        Assert.Contains("Give --yes", asked.LastLine, StringComparison.Ordinal);
        Assert.Equal(Images.NextApi, await ServingImageAsync(site));

        var result = (await site.ScriptAsync("rollback.sh", "--with-database", "--yes")).EnsureSuccess("rollback.sh");

        await site.BecomesHealthyAsync();
        Assert.Equal(Images.Api, await ServingImageAsync(site));
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
        await site.WorkerAsync("status", "--check");
        var newer = KeptDatabase().Match(result.All).Value;
        Assert.Equal("Kept|Late", await site.SqlAsync("SELECT string_agg(title, '|' ORDER BY title) FROM movies", newer));
        Assert.Equal("next release", await site.SqlAsync(CommentOfMovies, newer));
    }

    private static async Task StillServesAsync(Site site, string api)
    {
        await site.BecomesHealthyAsync();
        Assert.Equal(api, await site.ContainerAsync("api"));
        Assert.Equal("0", await site.InspectAsync("api", "{{.RestartCount}}"));
        Assert.Contains($"API_IMAGE={await ServingImageAsync(site)}", await File.ReadAllLinesAsync(site.InFolder(".env")));
    }

    private static Task<string> ServingImageAsync(Site site) => site.InspectAsync("api", "{{.Config.Image}}");

    [GeneratedRegex("moviedb_replaced_[0-9_]+")]
    private static partial Regex KeptDatabase();
}
