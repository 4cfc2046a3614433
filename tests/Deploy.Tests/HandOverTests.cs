using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

[Collection(ContainerTests.Name)]
public sealed class HandOverTests(Images images, RunningSite running) : IClassFixture<RunningSite>
{
    private readonly Site _site = running.Site;

    [ContainerFact]
    public async Task Api_that_fails_only_in_its_place_gives_it_back_to_the_old_one()
    {
        var releases = await File.ReadAllTextAsync(_site.InFolder("releases.log"));
        var fragile = await DependingOnTheOldOneAsync();
        try
        {
            var outcome = await _site.ScriptAsync("deploy.sh", fragile, images.Migrations);

            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("handing over", outcome.Output, StringComparison.Ordinal);
            Assert.Contains("Connection refused", outcome.Error, StringComparison.Ordinal);
            Assert.Contains($"{images.Api} serves again", outcome.LastLine, StringComparison.Ordinal);
            await _site.BecomesHealthyAsync();
            Assert.Equal(images.Api, await Shell.DockerAsync("inspect", "--format", "{{.Config.Image}}", await _site.ContainerAsync("api")));
            Assert.Contains($"API_IMAGE={images.Api}", await File.ReadAllLinesAsync(_site.InFolder(".env")));
            Assert.Equal(releases, await File.ReadAllTextAsync(_site.InFolder("releases.log")));
        }
        finally
        {
            await Shell.DockerAsync("rmi", "--force", fragile);
        }
    }

    /// <summary>Makes an API that becomes healthy next to the old one, and never in its place.</summary>
    private async Task<string> DependingOnTheOldOneAsync()
    {
        var container = await Shell.DockerAsync("create", images.Api);
        await Shell.DockerAsync("commit", "--change", """ENTRYPOINT ["bash", "-c", "exec 3<>/dev/tcp/api/8080 && exec dotnet MovieAspire.Api.dll"]""", container, $"{images.Api}-fragile");
        await Shell.DockerAsync("rm", container);
        return $"{images.Api}-fragile";
    }
}
