using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Caching;

/// <summary>What anybody may read is kept in memory, and shows every change within a second, whoever makes it.</summary>
public sealed class ResponseCacheTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/api/v1/movies/{0}")]
    [InlineData("/api/v1/movies?search=Kept")]
    [InlineData("/api/v1/genres")]
    public async Task Response_comes_from_memory_until_something_changes(string path)
    {
        var (movie, client) = (await api.AddMovieAsync($"Kept {path}", null, $"Genre of {path}"), api.CreateClient());
        path = string.Format(null, path, movie);
        await KeepAsync(client, path);
        var before = await client.GetStringAsync(path);

        // Not every response shows the director, and a change before this one may have been told late: the one before may be new already.
        await ChangeUnseenAsync(api);
        await ChangeAsync("UPDATE movies SET director = 'Seen' WHERE id = $1", movie);

        await Eventually.HoldsAsync(async () => await client.GetStringAsync(path) != before, "the change is seen");
    }

    [Theory]
    [InlineData("UPDATE movies SET director = 'Changed' WHERE id = $1", "/api/v1/movies/{0}")]
    [InlineData("INSERT INTO ratings (user_id, movie_id, value) SELECT min(id), $1, 7 FROM users", "/api/v1/movies/{0}")]
    [InlineData("INSERT INTO favorites (user_id, movie_id) SELECT min(id), $1 FROM users", "/api/v1/movies/{0}")]
    [InlineData("DELETE FROM movies WHERE id = $1", "/api/v1/movies/{0}")]
    [InlineData("UPDATE reviews SET body = 'Changed' WHERE movie_id = $1", "/api/v1/movies/{0}/reviews")]
    [InlineData(
        "INSERT INTO review_votes (user_id, review_id) SELECT u.id, r.id FROM reviews r, users u WHERE movie_id = $1 AND u.id <> user_id LIMIT 1",
        "/api/v1/movies/{0}/reviews")]
    [InlineData(
        "UPDATE users SET display_name = 'Changed' || $1 WHERE id = (SELECT user_id FROM reviews WHERE movie_id = $1)",
        "/api/v1/movies/{0}/reviews")]
    [InlineData("DELETE FROM users WHERE id = (SELECT user_id FROM reviews WHERE movie_id = $1)", "/api/v1/movies/{0}/reviews")]
    [InlineData("INSERT INTO genres (name) VALUES ('Of no movie ' || $1)", "/api/v1/genres")]
    [InlineData("INSERT INTO ratings (user_id, movie_id, value) SELECT min(id), $1, 7 FROM users", "/api/v1/movies?sort=-rating&search=Changing")]
    public async Task Change_by_anybody_is_seen(string change, string path)
    {
        var (movie, client) = (await api.AddMovieAsync($"Changing {Guid.NewGuid():N}"), api.CreateClient());
        var (author, other) = (await api.AddUserAsync($"author-{Guid.NewGuid():N}"), await api.AddUserAsync($"other-{Guid.NewGuid():N}"));
        Assert.NotEqual(author, other);
        await api.ExecuteAsync(
            $"INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers) VALUES ({author}, {movie}, 'Title', 'Body', false)");
        path = string.Format(null, path, movie);
        await KeepAsync(client, path);
        var before = await client.GetStringAsync(path);

        await ChangeAsync(change, movie);

        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await client.GetAsync(path);
                return await response.Content.ReadAsStringAsync() != before;
            },
            change);
    }

    [Fact]
    public async Task Writer_sees_the_own_write_at_once_and_so_does_everybody_on_that_replica()
    {
        var (movie, user) = (await api.AddMovieAsync("Written"), await api.AddSignedInUserAsync());
        using var anybody = api.CreateClient();
        await using var replica = api.Replica();
        using var elsewhere = replica.CreateClient();
        elsewhere.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        for (var value = 1; value <= 10; value++)
        {
            var path = $"/api/v1/movies/{movie}";
            await KeepAsync(anybody, path);
            using var rated = await user.Client.PutAsJsonAsync($"{path}/rating", new { value });
            rated.EnsureSuccessStatusCode();

            foreach (var client in new[] { anybody, user.Client, elsewhere })
            {
                Assert.Equal(value, (await client.GetJsonAsync(path)).GetProperty("averageRating").GetDecimal());
                var list = await client.GetJsonAsync("/api/v1/movies?search=Written");
                Assert.Equal(value, list.GetProperty("items")[0].GetProperty("averageRating").GetDecimal());
            }
        }
    }

    [Fact]
    public async Task Write_at_one_replica_is_seen_at_the_other()
    {
        await using var replica = api.Replica();
        var (movie, admin, elsewhere) = (await api.AddMovieAsync("Of two"), (await api.AddSignedInUserAsync(Roles.Admin)).Client, replica.CreateClient());
        var path = $"/api/v1/movies/{movie}";
        await Eventually.HoldsAsync(async () => await IsKeptAsync(elsewhere, path), "the replica keeps it");
        Assert.True((await elsewhere.GetAsync(path)).IsSuccessStatusCode);

        using var deleted = await admin.DeleteAsync(path);
        deleted.EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(async () => (await elsewhere.GetAsync(path)).StatusCode == HttpStatusCode.NotFound, "the deletion is seen");
    }

    [Fact]
    public async Task Requests_for_one_response_share_a_query()
    {
        var cache = api.Services.GetRequiredService<ResponseCache>();
        // Often, for those that look just before the one that reads has ended.
        for (var round = 1; round <= 200; round++)
        {
            var key = ($"/wanted-by-all/{round}", 1L);
            var (reads, reading, database) = (0, new TaskCompletionSource(), new TaskCompletionSource());
            async ValueTask<Representation?> ReadAsync()
            {
                Interlocked.Increment(ref reads);
                reading.TrySetResult();
                await database.Task;
                return new([1], "\"1\"");
            }

            var requests = Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await cache.GetOrReadAsync(key, ReadAsync, default))).ToList();
            await reading.Task;
            database.SetResult();

            Assert.Single((await Task.WhenAll(requests)).Distinct());
            Assert.Equal(1, reads);
        }
    }

    [Fact]
    public async Task Those_who_wait_for_a_request_that_fails_read_for_themselves()
    {
        var cache = api.Services.GetRequiredService<ResponseCache>();
        var (key, database) = (("/fails", 1L), new TaskCompletionSource<Representation?>());
        var first = cache.GetOrReadAsync(key, async () => await database.Task, default).AsTask();
        var second = cache.GetOrReadAsync(key, () => new(new Representation([2], "\"2\"")), default).AsTask();
        database.SetException(new OperationCanceledException());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("\"2\"", (await second)!.Tag);
    }

    [Fact]
    public async Task Response_that_a_change_has_overtaken_is_not_used()
    {
        var (cache, versions) = (api.Services.GetRequiredService<ResponseCache>(), new CacheVersions());
        foreach (var (address, change) in new (string, Action)[] { ("/overtaken/1", () => versions.Evict(7)), ("/overtaken/2", versions.EvictAll) })
        {
            var stale = await cache.GetOrReadAsync((address, versions.OfMovie(7)), () => Overtake(change), default);
            var fresh = await cache.GetOrReadAsync((address, versions.OfMovie(7)), () => new(new Representation([], "new")), default);
            Assert.Equal(("old", "new"), (stale!.Tag, fresh!.Tag));
        }

        ValueTask<Representation?> Overtake(Action change)
        {
            change();
            return new(new Representation([], "old"));
        }
    }

    [Fact]
    public void Change_of_one_movie_leaves_the_others()
    {
        var versions = new CacheVersions();
        var before = (versions.OfMovie(1), versions.OfMovie(2), versions.OfCatalog);

        versions.Evict(1);

        Assert.NotEqual(before.Item1, versions.OfMovie(1));
        Assert.Equal(before.Item2, versions.OfMovie(2));
        Assert.NotEqual(before.OfCatalog, versions.OfCatalog);
    }

    [Fact]
    public async Task Kept_response_answers_conditional_requests_compressed_or_not()
    {
        var (movie, client) = (await api.AddMovieAsync("Tagged"), api.CreateClient());
        var path = $"/api/v1/movies/{movie}";
        await KeepAsync(client, path);
        foreach (var encoding in new[] { "identity", "gzip", "br" })
        {
            // Where a busy machine reads changes late, one of the two comes from the database, which has other content by now.
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var first = await SendAsync(client, path, encoding, null);
                    using var second = await SendAsync(client, path, encoding, first.Headers.ETag!);
                    Assert.Equal("public, no-cache", first.Headers.CacheControl!.ToString());
                    return second.StatusCode == HttpStatusCode.NotModified && Equals(first.Headers.ETag, second.Headers.ETag);
                },
                $"a kept response is answered by 304 as {encoding}");
        }
    }

    [Fact]
    public async Task Kept_page_links_to_the_next_one()
    {
        foreach (var n in new[] { 1, 2 })
        {
            await api.AddMovieAsync($"Linked {n}");
        }

        var (path, client) = ("/api/v1/movies?search=Linked&limit=1", api.CreateClient());
        await KeepAsync(client, path);
        foreach (var _ in new[] { 1, 2 })
        {
            using var response = await client.GetAsync(path);
            Assert.Contains("rel=\"next\"", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_kept_while_changes_cannot_be_read()
    {
        await using var own = new ApiFixture();
        await own.InitializeAsync();
        try
        {
            var (movie, client) = (await own.AddMovieAsync("Unwatched"), own.CreateClient());
            var path = $"/api/v1/movies/{movie}";
            await Eventually.HoldsAsync(async () => await IsKeptAsync(own, client, path), "it is kept");

            await own.ExecuteAsync($"ALTER TABLE cache_evictions RENAME TO elsewhere");
            await Eventually.HoldsAsync(async () => !await IsKeptAsync(own, client, path), "it is no longer kept");

            await own.ExecuteAsync($"ALTER TABLE elsewhere RENAME TO cache_evictions");
            await Eventually.HoldsAsync(async () => await IsKeptAsync(own, client, path), "it is kept again");
        }
        finally
        {
            await own.DropDatabaseAsync();
        }
    }

    [Fact]
    public async Task Changes_that_all_have_read_are_deleted()
    {
        var movie = await api.AddMovieAsync("Read by all");
        await ChangeAsync("UPDATE movies SET director = 'Somebody' WHERE id = $1", movie);
        // As a backup of another server brings it.
        await api.ExecuteAsync($"INSERT INTO cache_evictions (transaction_id, movie_id) VALUES ('999999999999', {movie})");

        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>($"SELECT count(*) FROM cache_evictions WHERE movie_id = {movie}") == 0, "they are gone");
    }

    [Fact]
    public async Task Cache_can_be_turned_off()
    {
        await using var off = api.Replica().WithWebHostBuilder(builder => builder.UseSetting("Cache:Megabytes", "0"));
        using var client = off.CreateClient();
        var movie = await api.AddMovieAsync("Never kept");

        Assert.False(await IsKeptAsync(client, $"/api/v1/movies/{movie}"));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string encoding, EntityTagHeaderValue? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Waits until the response is kept.</summary>
    private Task KeepAsync(HttpClient client, string path) =>
        Eventually.HoldsAsync(async () => await IsKeptAsync(client, path), $"{path} is kept");

    private Task<bool> IsKeptAsync(HttpClient client, string path) => IsKeptAsync(api, client, path);

    /// <summary>Whether a change that no trigger tells of stays unseen.</summary>
    private static async Task<bool> IsKeptAsync(ApiFixture api, HttpClient client, string path)
    {
        var before = await client.GetStringAsync(path);
        await ChangeUnseenAsync(api);
        var after = await client.GetStringAsync(path);
        return before == after;
    }

    /// <summary>Changes all that can be read, with triggers turned off.</summary>
    private static Task ChangeUnseenAsync(ApiFixture api) => Sql.ExecuteAsync(
        api.ConnectionString,
        """
        SET session_replication_role = replica;
        UPDATE movies SET runtime_minutes = 1 + coalesce(runtime_minutes, 0) % 300;
        UPDATE reviews SET helpful_count = helpful_count + 1;
        INSERT INTO genres (name) VALUES ('Unseen ' || gen_random_uuid());
        """);

    private Task ChangeAsync(string sql, long movie) => Sql.ExecuteAsync(api.ConnectionString, sql.Replace("$1", $"{movie}", StringComparison.Ordinal));
}
