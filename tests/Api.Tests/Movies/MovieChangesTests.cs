using System.Net;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>GET /movies/changes, by which clients keep a copy of the catalog.</summary>
public sealed class MovieChangesTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly ApiFixture _api = api;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        // Each test counts all changes of its database, to which the removal of the others' movies belongs.
        await _api.ExecuteAsync($"TRUNCATE movies CASCADE");
        await _api.ExecuteAsync($"DELETE FROM movie_changes");
        _admin = (await _api.AddSignedInUserAsync(Roles.Admin)).Client;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Change_is_told_since_the_last_response()
    {
        var (kept, changed, doomed) = (await _api.AddMovieAsync("Kept"), await _api.AddMovieAsync("Changed"), await _api.AddMovieAsync("Doomed"));
        var first = await ReadAsync(null);
        await _api.RateAsync(kept, 7);
        var nothing = await ReadAsync(Since(first));
        using var patched = await _admin.PatchAsync($"/api/v1/movies/{changed}", """{"genres":["Drama"]}""", "*");
        using var deleted = await _admin.DeleteAsync($"/api/v1/movies/{doomed}");
        var fresh = await _api.AddMovieAsync("Fresh");
        var second = await ReadAsync(Since(nothing));

        Assert.Equal([$"{kept} created Kept", $"{changed} created Changed", $"{doomed} created Doomed"], Describe(first));
        Assert.Empty(nothing.Items("id"));
        Assert.Equal([$"{changed} updated Changed", $"{doomed} deleted ", $"{fresh} created Fresh"], Describe(second));
        Assert.Equal("""["Drama"]""", second.GetProperty("items")[0].GetProperty("movie").GetProperty("genres").GetRawText());
        Assert.Equal(["id", "change", "changedAt"], second.GetProperty("items")[1].EnumerateObject().Select(property => property.Name));
        Assert.All([first, nothing, second], response => Assert.False(response.GetProperty("hasMore").GetBoolean()));
        Assert.Equal(Since(second), Since(await ReadAsync(Since(second))));
    }

    [Fact]
    public async Task Pages_hold_each_change_once_and_tell_whether_another_follows()
    {
        await _api.ExecuteAsync($"INSERT INTO movies (title, release_date) SELECT 'Movie ' || n, date '2000-01-01' FROM generate_series(1, 6) n");
        List<string> seen = [];
        List<bool> more = [];
        for (string? since = null; more is [] or [.., true];)
        {
            var page = await ReadAsync(since, 2);
            seen.AddRange(page.Items("id"));
            more.Add(page.GetProperty("hasMore").GetBoolean());
            since = Since(page);
        }

        Assert.Equal([true, true, false], more);
        Assert.Equal(6, seen.Distinct().Count());
        Assert.Equal(6, seen.Count);
    }

    [Fact]
    public async Task Change_that_is_committed_late_is_not_missed()
    {
        var since = Since(await ReadAsync(null));
        await using var connection = new NpgsqlConnection(_api.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Late', '2000-01-01')");
        (await _admin.PostMovieAsync("Early")).EnsureSuccessStatusCode();

        var before = await ReadAsync(since);
        await transaction.CommitAsync();
        var after = await ReadAsync(Since(before));

        Assert.Equal(["Early", "Late"], Titles(before).Concat(Titles(after)).Order());
        Assert.Contains("Late", Titles(after));
    }

    [Fact]
    public async Task Copy_that_follows_many_writers_is_the_catalog_in_the_end()
    {
        var copy = new SortedDictionary<long, string>();
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(WriteAsync));
        string? since = null;
        while (!writers.IsCompleted)
        {
            since = await FollowAsync(since, copy);
        }

        await writers;
        await FollowAsync(since, copy);
        var export = (await _admin.GetStringAsync("/api/v1/movies/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(export.Length, 50, int.MaxValue);
        Assert.Equal(export, copy.Values);
    }

    [Fact]
    public async Task Since_of_another_database_is_410()
    {
        await using var other = await StartAsync();
        using var client = other.CreateClient();
        await other.AddMovieAsync("Elsewhere");
        var page = await client.GetJsonAsync("/api/v1/movies/changes");

        using var elsewhere = await _admin.GetAsync($"/api/v1/movies/changes?since={Since(page)}");
        await other.ExecuteAsync($"SELECT setval(pg_get_serial_sequence('movie_changes', 'number'), 1, false)");
        using var ahead = await client.GetAsync($"/api/v1/movies/changes?since={Since(page)}");

        await elsewhere.ReadProblemAsync(HttpStatusCode.Gone, "full_sync_required");
        await ahead.ReadProblemAsync(HttpStatusCode.Gone, "full_sync_required");
        await other.DropDatabaseAsync();
    }

    [Fact]
    public async Task Damaged_since_is_400()
    {
        var since = Since(await ReadAsync(null));
        var cursor = (await _admin.GetJsonAsync("/api/v1/movies?limit=1")).GetProperty("nextCursor");
        string[] damaged = ["", "x", "%00", $"{cursor}", since + "A", .. Enumerable.Range(0, since.Length - 1)
            .Select(i => since[..i] + (since[i] == 'A' ? 'B' : 'A') + since[(i + 1)..])];
        foreach (var text in damaged)
        {
            using var response = await _admin.GetAsync($"/api/v1/movies/changes?since={text}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(["since"], (await response.ReadJsonAsync()).Blamed());
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    public async Task Limit_out_of_range_is_400(string query)
    {
        using var response = await _admin.GetAsync($"/api/v1/movies/changes?{query}");

        Assert.Equal(["limit"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Response_is_304_while_nothing_changes()
    {
        using var first = await _admin.GetAsync("/api/v1/movies/changes");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies/changes") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _admin.SendAsync(request);

        Assert.Equal("public, no-cache", first.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Role_that_may_only_read_gets_the_changes()
    {
        var role = $"reader_{Guid.NewGuid():N}";
        await _api.AddMovieAsync("Read");
        await ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'reader'; "
            + $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}");
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(_api.ConnectionString) { Username = role, Password = "reader" };
            await using var api = new ApiFixture { ConnectionString = connection.ConnectionString };
            using var client = api.CreateClient();
            Assert.Equal(["Read"], Titles(await client.GetJsonAsync("/api/v1/movies/changes")));
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        }
    }

    private static async Task<ApiFixture> StartAsync()
    {
        var api = new ApiFixture();
        await api.InitializeAsync();
        return api;
    }

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        List<string> mine = [];
        for (var i = 0; i < 60; i++)
        {
            var movie = mine.Count == 0 ? null : mine[random.Next(mine.Count)];
            using var response = await (random.Next(6) switch
            {
                0 when movie is not null => _admin.PatchAsync(movie, $$"""{"runtimeMinutes":{{i + 1}}}""", "*"),
                1 when movie is not null => _admin.PatchAsync(movie, $$"""{"genres":["Genre {{random.Next(5)}}","Genre {{writer + 5}}"]}""", "*"),
                2 when mine.Count > 5 && mine.Remove(movie!) => _admin.DeleteAsync(movie),
                3 => _admin.SendAsync("POST", "/api/v1/movies/import", Lines(writer, random), "application/x-ndjson"),
                _ => _admin.PostMovieAsync($"Movie {i} of {writer}"),
            });
            response.EnsureSuccessStatusCode();
            if (response.StatusCode == HttpStatusCode.Created)
            {
                mine.Add(response.Headers.Location!.ToString());
            }
        }
    }

    /// <summary>Some that no other writer has, and some that all have.</summary>
    private static string Lines(int writer, Random random) => string.Join('\n', Enumerable.Range(0, 8).Select(n =>
        $$"""{"title":"Import {{n}} of {{(n < 4 ? "all" : writer)}}","releaseDate":"2001-01-01","budget":{{random.Next(9)}},"genres":["Genre {{random.Next(5)}}"]}"""));

    private async Task<string> FollowAsync(string? since, SortedDictionary<long, string> copy)
    {
        while (true)
        {
            var page = await ReadAsync(since, 7);
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                var id = item.GetProperty("id").GetInt64();
                if (item.TryGetProperty("movie", out var movie))
                {
                    copy[id] = movie.GetRawText();
                }
                else
                {
                    copy.Remove(id);
                }
            }

            since = Since(page);
            if (!page.GetProperty("hasMore").GetBoolean())
            {
                return since;
            }
        }
    }

    private Task<JsonElement> ReadAsync(string? since, int? limit = null) => _admin.GetJsonAsync(
        "/api/v1/movies/changes?" + string.Join('&', new[] { since is null ? null : $"since={since}", limit is null ? null : $"limit={limit}" }.OfType<string>()));

    private static string Since(JsonElement page) => page.GetProperty("since").GetString()!;

    private static IEnumerable<string> Titles(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("movie").GetProperty("title").GetString()!);

    private static IEnumerable<string> Describe(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item =>
        $"{item.GetProperty("id")} {item.GetProperty("change")} {(item.TryGetProperty("movie", out var movie) ? movie.GetProperty("title").GetString() : "")}");

    private Task ExecuteAsync(string sql) => Testing.Sql.ExecuteAsync(_api.ConnectionString, sql);
}
