using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

public sealed class FirstDeploymentTests : IClassFixture<Images>
{
    [ContainerFact]
    public async Task From_nothing_to_healthy_and_again_changes_nothing()
    {
        await using var site = new Site();

        var first = await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);
        first.MustSucceed("deploy.sh");
        Assert.Contains("is deployed and healthy", first.LastLine, StringComparison.Ordinal);
        Assert.NotNull(await site.Http.GetFromJsonAsync<JsonElement?>("/api/v1/movies"));

        var containers = await site.ComposeAsync("ps", "--all", "--quiet");
        var again = (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations)).MustSucceed("deploy.sh again");
        Assert.Contains("was deployed already and is healthy", again.LastLine, StringComparison.Ordinal);
        Assert.Equal(containers, await site.ComposeAsync("ps", "--all", "--quiet"));
    }

    [ContainerFact]
    public async Task Dry_run_changes_nothing()
    {
        await using var site = new Site();
        var before = Directory.GetFileSystemEntries(site.Folder).Order();

        var outcome = await site.ScriptAsync("deploy.sh", "--dry-run", Images.Api, Images.Migrations);

        outcome.MustSucceed("deploy.sh --dry-run");
        Assert.Contains("nothing was changed", outcome.LastLine, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(site.Folder).Order());
        Assert.Empty(await Shell.DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={site.Project}"));
        Assert.Empty(await Shell.DockerAsync("volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={site.Project}"));
    }

    [ContainerFact]
    public async Task Image_that_is_nowhere_to_be_had_is_named()
    {
        await using var site = new Site();

        var outcome = await site.ScriptAsync("deploy.sh", "localhost:1/movieaspire/api:missing", Images.Migrations);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("there is no image localhost:1/movieaspire/api:missing", outcome.LastLine, StringComparison.Ordinal);
    }

    [ContainerFact]
    public async Task Address_that_another_program_has_is_noticed_before_anything_changes()
    {
        await using var site = new Site();
        using var other = new TcpListener(IPAddress.Loopback, site.Http.BaseAddress!.Port);
        other.Start();

        var outcome = await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"something else answers at {site.Http.BaseAddress.Authority}", outcome.LastLine, StringComparison.Ordinal);
        Assert.Empty(await site.ComposeAsync("ps", "--all", "--quiet"));
    }

    [ContainerFact]
    public async Task Settings_that_a_release_brings_are_added_and_others_kept()
    {
        await using var site = new Site();
        await File.WriteAllTextAsync(site.InFolder(".env"), "SEED_PROFILE=none");

        // Nothing is there to be pulled, so it ends before it starts anything.
        Assert.Equal(1, (await site.ScriptAsync("deploy.sh", "localhost:1/movieaspire/api:missing", Images.Migrations)).ExitCode);

        var settings = await File.ReadAllLinesAsync(site.InFolder(".env"));
        Assert.Equal("SEED_PROFILE=none", settings[0]);
        Assert.Contains("BEHIND_PROXY=false", settings);
        Assert.Single(settings, line => line.StartsWith("SEED_PROFILE=", StringComparison.Ordinal));
    }
}
