using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

[Collection(RunningSite.Collection)]
public sealed class HandOverTests(RunningSite running)
{
    private readonly Site _site = running.Site;

    [RequiresFact(Tool.Docker)]
    public async Task Api_that_fails_after_the_hand_over_is_replaced_by_the_old_one()
    {
        var releases = await File.ReadAllTextAsync(_site.InFolder("releases.log"));
        var fragile = await BuildDependentOnTheOldOneAsync();
        try
        {
            var result = await _site.ScriptAsync("deploy.sh", fragile, Images.Migrations);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("handing over", result.Output, StringComparison.Ordinal);
            Assert.Contains("Connection refused", result.Error, StringComparison.Ordinal);
            Assert.Contains($"{Images.Api} serves again", result.LastLine, StringComparison.Ordinal);
            await _site.BecomesHealthyAsync();
            Assert.Equal(Images.Api, await _site.InspectAsync("api", "{{.Config.Image}}"));
            Assert.Contains($"API_IMAGE={Images.Api}", await File.ReadAllLinesAsync(_site.InFolder(".env")));
            Assert.Equal(releases, await File.ReadAllTextAsync(_site.InFolder("releases.log")));
        }
        finally
        {
            await Docker.RunAsync("rmi", "--force", fragile);
        }
    }

    /// <summary>Makes an API that becomes healthy next to the old one, and never in its place.</summary>
    private static async Task<string> BuildDependentOnTheOldOneAsync()
    {
        var container = await Docker.RunAsync("create", Images.Api);
        await Docker.RunAsync(
            "commit",
            "--change", """ENTRYPOINT ["bash", "-c", "exec 3<>/dev/tcp/api/8080 && exec dotnet MovieAspire.Api.dll"]""",
            container,
            $"{Images.Api}-fragile");
        await Docker.RunAsync("rm", container);
        return $"{Images.Api}-fragile";
    }
}
