using System.Collections.Concurrent;
using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Database;

/// <summary>A primary with a synchronous standby, both named in the connection string.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private readonly string _primaryFolder = Directory.CreateTempSubdirectory("movieaspire-primary-").FullName;
    private readonly string _standbyFolder = Directory.CreateTempSubdirectory("movieaspire-standby-").FullName;
    private ThrowAwayCluster _primary = null!;
    private ThrowAwayCluster _standby = null!;
    private bool _isStopped;

    public async Task InitializeAsync()
    {
        using (var server = await ThrowAwayCluster.StartKeptAsync(_primaryFolder))
        {
            await Sql.ExecuteAsync(server.ConnectionString, "CREATE DATABASE moviedb");
            await TestDatabase.MigrateAsync(
                new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "moviedb", Pooling = false }.ConnectionString);
        }

        (await Cli.RunAsync("cp", ["-a", _primaryFolder + "/.", _standbyFolder])).EnsureSuccess("cp");
        await File.WriteAllTextAsync(Path.Combine(_standbyFolder, "data", "standby.signal"), "");
        _primary = await ThrowAwayCluster.StartKeptAsync(_primaryFolder, "synchronous_standby_names=*");
        _standby = await ThrowAwayCluster.StartKeptAsync(
            _standbyFolder, $"primary_conninfo=host=127.0.0.1 port={_primary.Port} user=postgres password={Password}");
    }

    public Task DisposeAsync()
    {
        StopPrimary();
        _standby.Dispose();
        Directory.Delete(_primaryFolder, recursive: true);
        Directory.Delete(_standbyFolder, recursive: true);
        return Task.CompletedTask;
    }

    private void StopPrimary()
    {
        if (!_isStopped)
        {
            _primary.Dispose();
            _isStopped = true;
        }
    }

    private string Password => new NpgsqlConnectionStringBuilder(_primary.ConnectionString).Password!;

    [RequiresFact(Tool.Unix)]
    public async Task Writes_go_on_and_none_is_lost_when_the_standby_takes_over()
    {
        var primary = new NpgsqlConnectionStringBuilder(_primary.ConnectionString) { Database = "moviedb" };
        var user = await Testing.Rows.AddUserAsync(primary.ConnectionString);
        primary.Host = $"127.0.0.1:{_standby.Port},127.0.0.1:{_primary.Port}";
        await using var api = new ApiFixture { ConnectionString = primary.ConnectionString };
        using var admin = api.CreateClient(user, Roles.Admin);
        var acknowledged = new ConcurrentQueue<string>();
        using var enough = new CancellationTokenSource();
        var writing = WriteAsync(admin, acknowledged, enough.Token);
        await Eventually.HoldsAsync(() => acknowledged.Count > 20 || writing.IsCompleted, "movies are written");

        var since = (await admin.GetJsonAsync("/api/v1/movies/changes")).GetProperty("since");
        StopPrimary();
        await Sql.ExecuteAsync(_standby.ConnectionString, "SELECT pg_promote()");

        var before = acknowledged.Count;
        await Eventually.HoldsAsync(() => acknowledged.Count > before + 20 || writing.IsCompleted, "movies are written again");
        await enough.CancelAsync();
        await writing;
        using var changes = await admin.GetAsync($"/api/v1/movies/changes?since={since}");
        await changes.ReadProblemAsync(HttpStatusCode.Gone, "full_sync_required");
        var titles = new NpgsqlConnectionStringBuilder(_standby.ConnectionString) { Database = "moviedb" }.ConnectionString;
        Assert.Equal(
            acknowledged.Count,
            await Sql.ScalarAsync<long>(titles, "SELECT count(*) FROM movies WHERE title = ANY ($1)", (object)acknowledged.ToArray()));
    }

    private static async Task WriteAsync(HttpClient admin, ConcurrentQueue<string> acknowledged, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            using var response = await admin.PostMovieAsync($"Movie {i}");
            if (response.IsSuccessStatusCode)
            {
                acknowledged.Enqueue($"Movie {i}");
            }
            else if (response.StatusCode != HttpStatusCode.Conflict)
            {
                // A conflict is with the same request, which was repeated as its answer did not come.
                await response.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
            }
        }
    }
}
