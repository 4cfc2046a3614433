using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

[Collection(RunningSite.Collection)]
public sealed class OutageTests(RunningSite running)
{
    private const int Writers = 4;
    private readonly Site _site = running.Site;

    [RequiresFact(Tool.Docker)]
    public async Task Site_that_is_stopped_and_started_serves_the_same_data()
    {
        await _site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept over a stop', '2001-02-03')");

        await _site.ComposeAsync("stop");
        foreach (var service in new[] { "api", "postgres" })
        {
            // Killed for taking too long it would be 137.
            Assert.Equal("0", await _site.InspectAsync(service, "{{.State.ExitCode}}"));
        }

        await _site.ComposeAsync("start");

        await _site.BecomesHealthyAsync();
        Assert.Equal("1", await _site.SqlAsync("SELECT count(*) FROM movies WHERE title = 'Kept over a stop'"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Site_that_is_killed_at_once_restarts_by_itself()
    {
        await _site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Kept over a crash', '2001-02-03')");

        await KillAsync("postgres", "api");

        await _site.BecomesHealthyAsync();
        Assert.Equal("1", await _site.SqlAsync("SELECT count(*) FROM movies WHERE title = 'Kept over a crash'"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Database_that_is_killed_under_load_keeps_every_committed_row()
    {
        await _site.SqlAsync("CREATE TABLE written (writer int, number int, PRIMARY KEY (writer, number))");
        var writers = Enumerable.Range(1, Writers).Select(writer => WriteAsync(writer)).ToList();
        await Eventually.HoldsAsync(
            async () => await _site.SqlAsync("SELECT count(DISTINCT writer) FROM written WHERE number > 100") == $"{Writers}",
            "all writers are at work");

        var restarts = await RestartsOfApiAsync();
        await KillAsync("postgres");

        var acknowledged = (await Task.WhenAll(writers)).SelectMany(rows => rows).ToHashSet();
        await _site.BecomesHealthyAsync();
        var kept = (await _site.SqlAsync("SELECT writer, number FROM written")).Split('\n').ToHashSet();
        Assert.True(acknowledged.Count > Writers * 100);
        Assert.Empty(acknowledged.Except(kept));
        Assert.Equal(restarts, await RestartsOfApiAsync());
    }

    private Task<string> RestartsOfApiAsync() => _site.InspectAsync("api", "{{.RestartCount}}");

    /// <summary>Writes row after row, each a transaction of its own, until the server is gone; gives what it acknowledged.</summary>
    private async Task<string[]> WriteAsync(int writer)
    {
        var insert = $"seq 1000000 | sed 's/.*/INSERT INTO written VALUES ({writer}, &) RETURNING writer, number;/'";
        var session = await Cli.RunAsync(
            "docker",
            ["run", "--rm", "--network", $"{_site.Project}_aspire", "--env", $"PGPASSWORD={_site.Password}",
             "--entrypoint", "bash", Images.Postgres,
             "-c", $"{insert} | psql --host=postgres --username=postgres --dbname=moviedb --no-align --tuples-only --quiet"]);
        Assert.NotEqual(0, session.ExitCode);
        return session.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];
    }

    /// <summary>
    /// Kills the processes as a crash would: the engine counts its own <c>kill</c> as a wish of its operator, and would
    /// not start the container again.
    /// </summary>
    private async Task KillAsync(params string[] services)
    {
        var processes = await Task.WhenAll(services.Select(service => _site.InspectAsync(service, "{{.State.Pid}}")));
        await Docker.RunAsync(
            "run", "--rm", "--pid", "host", "--user", "root",
            "--entrypoint", "bash", Images.Postgres, "-c", $"kill -9 {string.Join(' ', processes)}");
    }
}
