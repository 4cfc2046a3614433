using System.Diagnostics;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Database;

/// <summary>A standby in the connection string answers what anybody may read, and nobody notices that it is behind.</summary>
public sealed class StandbyTests(ReplicatedServers servers) : IClassFixture<ReplicatedServers>
{
    [RequiresFact(Tool.Unix)]
    public async Task Standby_answers_what_anybody_may_read_and_the_primary_what_a_user_reads()
    {
        await using var api = new ApiFixture { ConnectionString = servers.Both };
        using var anybody = api.CreateClient();
        using var user = api.CreateClient(await Testing.Rows.AddUserAsync(servers.Primary));
        var movie = await Testing.Rows.AddMovieAsync(servers.Primary);
        await ReadUntilTheStandbyAnswersAsync(anybody, movie);

        var before = await LastReadAsync(servers.Primary);
        await user.GetJsonAsync($"/api/v1/movies/{movie}");
        Assert.NotEqual(before, await LastReadAsync(servers.Primary));
    }

    [RequiresFact(Tool.Unix)]
    public async Task Response_is_never_older_than_a_second_though_the_standby_is_behind()
    {
        await using var api = new ApiFixture { ConnectionString = servers.Both };
        using var anybody = api.CreateClient();
        var movie = await Testing.Rows.AddMovieAsync(servers.Primary);
        await ReadUntilTheStandbyAnswersAsync(anybody, movie);
        var written = new List<(long At, int Runtime)>();
        for (var runtime = 1; runtime <= 200; runtime++)
        {
            if (runtime % 50 == 0)
            {
                var function = runtime % 100 == 0 ? "pg_wal_replay_resume()" : "pg_wal_replay_pause()";
                await Sql.ExecuteAsync(servers.Standby, $"SELECT {function}");
            }

            await WriteAsync(movie, runtime);
            written.Add((Stopwatch.GetTimestamp(), runtime));
            var secondAgo = Stopwatch.GetTimestamp() - Stopwatch.Frequency;
            Assert.InRange(await ReadAsync(anybody, movie), written.FindLast(write => write.At < secondAgo).Runtime, runtime);
        }
    }

    [RequiresFact(Tool.Unix)]
    public async Task Reads_go_on_though_standbys_break_or_are_down()
    {
        var hosts = new NpgsqlConnectionStringBuilder(servers.Both);
        hosts.Host = $"127.0.0.1:{FreePort.Find()},{hosts.Host}";
        await using var api = new ApiFixture { ConnectionString = hosts.ConnectionString };
        using var anybody = api.CreateClient();
        var movie = await Testing.Rows.AddMovieAsync(servers.Primary);
        for (var round = 1; round <= 2; round++)
        {
            await ReadUntilTheStandbyAnswersAsync(anybody, movie);

            await Sql.ExecuteAsync(
                servers.Standby, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");

            await WriteAsync(movie, round);
            await Eventually.HoldsAsync(async () => await ReadAsync(anybody, movie) == round, "the change is seen");
        }
    }

    private async Task ReadUntilTheStandbyAnswersAsync(HttpClient anybody, long movie)
    {
        var before = await LastReadAsync(servers.Standby);
        await Eventually.HoldsAsync(
            async () =>
            {
                // A change, since otherwise the response comes from memory.
                await WriteAsync(movie, 0);
                await ReadAsync(anybody, movie);
                return await LastReadAsync(servers.Standby) != before;
            },
            "the standby answers");
    }

    private static Task<DateTime?> LastReadAsync(string server) => Sql.ScalarAsync<DateTime?>(
        server, "SELECT max(query_start) FROM pg_stat_activity WHERE query LIKE '%movie_stats%' AND pid <> pg_backend_pid()");

    private Task WriteAsync(long movie, int runtime) => Sql.ExecuteAsync(
        servers.Primary, "UPDATE movies SET runtime_minutes = $2, version = version + 1 WHERE id = $1", movie, runtime + 1);

    private static async Task<int> ReadAsync(HttpClient client, long movie) =>
        (await client.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("runtimeMinutes").GetInt32() - 1;
}
