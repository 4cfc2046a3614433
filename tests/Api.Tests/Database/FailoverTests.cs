using System.Collections.Concurrent;
using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Database;

/// <summary>A primary with a synchronous standby, both named in the connection string.</summary>
public sealed class FailoverTests(ReplicatedServers servers) : IClassFixture<ReplicatedServers>
{
    [RequiresFact(Tool.Unix)]
    public async Task Writes_go_on_and_none_is_lost_when_the_standby_takes_over()
    {
        var user = await Testing.Rows.AddUserAsync(servers.Primary);
        await using var api = new ApiFixture { ConnectionString = servers.Both };
        using var admin = api.CreateClient(user, Roles.Admin);
        var acknowledged = new ConcurrentQueue<string>();
        using var enough = new CancellationTokenSource();
        var writing = WriteAsync(admin, acknowledged, enough.Token);
        await Eventually.HoldsAsync(() => acknowledged.Count > 20 || writing.IsCompleted, "movies are written");

        var since = (await admin.GetJsonAsync("/api/v1/movies/changes")).GetProperty("since");
        servers.StopPrimary();
        await Sql.ExecuteAsync(servers.Standby, "SELECT pg_promote()");

        var before = acknowledged.Count;
        await Eventually.HoldsAsync(() => acknowledged.Count > before + 20 || writing.IsCompleted, "movies are written again");
        await enough.CancelAsync();
        await writing;
        using var changes = await admin.GetAsync($"/api/v1/movies/changes?since={since}");
        await changes.ReadProblemAsync(HttpStatusCode.Gone, "full_sync_required");
        Assert.Equal(
            acknowledged.Count,
            await Sql.ScalarAsync<long>(servers.Standby, "SELECT count(*) FROM movies WHERE title = ANY ($1)", (object)acknowledged.ToArray()));
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
