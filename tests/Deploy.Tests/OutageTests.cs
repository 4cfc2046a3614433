using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

[Collection(ContainerTests.Name)]
public sealed class OutageTests(Images images)
{
    private const int Writers = 4;

    [ContainerFact]
    public async Task Stopped_and_started_host_serves_the_same_data()
    {
        await using var site = await Site.DeployedAsync(images);
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept', '2001-02-03')");

        await site.ComposeAsync("stop");
        foreach (var service in new[] { "api", "postgres" })
        {
            // Killed for taking too long it would be 137.
            Assert.Equal("0", await Shell.DockerAsync("inspect", "--format", "{{.State.ExitCode}}", await site.ContainerAsync(service)));
        }

        await site.ComposeAsync("start");

        await site.BecomesHealthyAsync();
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
    }

    [ContainerFact]
    public async Task Everything_killed_at_once_comes_back_by_itself()
    {
        await using var site = await Site.DeployedAsync(images);
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept', '2001-02-03')");

        await KillAsync(site, "postgres", "api");

        await site.BecomesHealthyAsync();
        Assert.Equal("Kept", await site.SqlAsync("SELECT title FROM movies"));
    }

    [ContainerFact]
    public async Task Database_killed_under_load_comes_back_with_every_acknowledged_row()
    {
        await using var site = await Site.DeployedAsync(images);
        await site.SqlAsync("CREATE TABLE written (writer int, number int, PRIMARY KEY (writer, number))");
        var writers = Enumerable.Range(1, Writers).Select(writer => WriteAsync(site, writer)).ToList();
        await Testing.Eventually.HoldsAsync(
            async () => await site.SqlAsync("SELECT count(DISTINCT writer) FROM written WHERE number > 100") == $"{Writers}", "all writers are at work");

        await KillAsync(site, "postgres");

        var acknowledged = (await Task.WhenAll(writers)).SelectMany(rows => rows).ToHashSet();
        await site.BecomesHealthyAsync();
        var kept = (await site.SqlAsync("SELECT writer, number FROM written")).Split('\n').ToHashSet();
        Assert.True(acknowledged.Count > Writers * 100);
        Assert.Empty(acknowledged.Except(kept));
        Assert.Equal("0", await Shell.DockerAsync("inspect", "--format", "{{.RestartCount}}", await site.ContainerAsync("api")));
    }

    /// <summary>Writes row after row, each a transaction of its own, until the server is gone; gives what it acknowledged.</summary>
    private static async Task<string[]> WriteAsync(Site site, int writer)
    {
        var insert = $"seq 1000000 | sed 's/.*/INSERT INTO written VALUES ({writer}, &) RETURNING writer, number;/'";
        var session = await Shell.TryAsync(
            "docker",
            ["run", "--rm", "--network", $"{site.Project}_aspire", "--env", $"PGPASSWORD={site.Password}", "--entrypoint", "bash", Images.Postgres,
             "-c", $"{insert} | psql --host=postgres --username=postgres --dbname=moviedb --no-align --tuples-only --quiet"]);
        Assert.NotEqual(0, session.ExitCode);
        return session.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];
    }

    /// <summary>
    /// Kills the processes as a crash would: the engine counts its own <c>kill</c> as a wish of its operator, and would
    /// not start the container again.
    /// </summary>
    private static async Task KillAsync(Site site, params string[] services)
    {
        var processes = await Task.WhenAll(services.Select(async service =>
            await Shell.DockerAsync("inspect", "--format", "{{.State.Pid}}", await site.ContainerAsync(service))));
        await Shell.DockerAsync(["run", "--rm", "--pid", "host", "--user", "root", "--entrypoint", "bash", Images.Postgres, "-c", $"kill -9 {string.Join(' ', processes)}"]);
    }
}
