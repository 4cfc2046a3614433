using System.Net;
using System.Net.Sockets;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>Before anything runs. A whole first deployment is what the documentation says, see <see cref="DocumentationTests"/>.</summary>
public sealed class FirstDeploymentTests : IClassFixture<Images>
{
    [RequiresFact(Tool.Docker)]
    public async Task Dry_run_changes_nothing()
    {
        await using var site = new Site();
        var before = Directory.GetFileSystemEntries(site.Folder).Order();

        var result = await site.ScriptAsync("deploy.sh", "--dry-run", Images.Api, Images.Migrations);

        result.EnsureSuccess("deploy.sh --dry-run");
        Assert.Contains("nothing was changed", result.LastLine, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(site.Folder).Order());
        Assert.Empty(await Docker.RunAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={site.Project}"));
        Assert.Empty(await Docker.RunAsync("volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={site.Project}"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Missing_image_is_named_in_the_error()
    {
        await using var site = new Site();

        var result = await site.ScriptAsync("deploy.sh", "localhost:1/movieaspire/api:missing", Images.Migrations);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("there is no image localhost:1/movieaspire/api:missing", result.LastLine, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Docker)]
    public async Task Address_in_use_is_refused_before_anything_changes()
    {
        await using var site = new Site();
        using var other = new TcpListener(IPAddress.Loopback, site.Http.BaseAddress!.Port);
        other.Start();

        var result = await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"something else answers at {site.Http.BaseAddress.Authority}", result.LastLine, StringComparison.Ordinal);
        Assert.Empty(await site.ComposeAsync("ps", "--all", "--quiet"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task New_settings_are_added_and_existing_ones_kept()
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
