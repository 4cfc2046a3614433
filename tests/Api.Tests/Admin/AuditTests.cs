using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Admin;

public sealed class AuditTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Audit = "/api/v1/admin/audit";
    private const string Import = "/api/v1/movies/import";
    private const string Ndjson = "application/x-ndjson";
    private TestUser _admin = null!;

    public async Task InitializeAsync() => _admin = await api.AddSignedInUserAsync(Roles.Admin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Entry_tells_who_did_what_to_whom_when_and_from_where()
    {
        var user = await api.AddSignedInUserAsync();
        await api.ExecuteAsync($"UPDATE users SET display_name = 'Ann' WHERE id = {_admin.Id}");
        var token = _admin.Client.DefaultRequestHeaders.Authorization!.ToString();

        await api.Server.SendAsync(context =>
        {
            (context.Request.Method, context.Request.Path) = ("PUT", $"/api/v1/admin/users/{user.Id}/roles/moderator");
            context.Request.Headers.Authorization = token;
            context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:203.0.113.9");
        });

        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal(_admin.Id, entry.GetProperty("actorId").GetInt64());
        Assert.Equal("Ann", entry.GetProperty("actorName").GetString());
        Assert.Equal("role.added", entry.GetProperty("action").GetString());
        Assert.Equal("user", entry.GetProperty("subjectType").GetString());
        Assert.Equal(user.Id, entry.GetProperty("subjectId").GetInt64());
        Assert.Equal("null", entry.GetProperty("before").GetRawText());
        Assert.Equal("""{"role":"moderator"}""", entry.GetProperty("after").GetRawText());
        Assert.Equal("203.0.113.9", entry.GetProperty("address").GetString());
        Assert.InRange(DateTimeOffset.UtcNow - entry.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Trail_outlives_the_account_that_acted()
    {
        var gone = await api.AddSignedInUserAsync(Roles.Admin);
        using var created = await gone.Client.PostMovieAsync($"Film {Guid.NewGuid()}");
        using var left = await gone.Client.DeleteAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);

        var entry = Assert.Single(await EntriesAsync(gone.Id));

        Assert.Equal("null", entry.GetProperty("actorName").GetRawText());
    }

    [Fact]
    public async Task Catalog_acts_leave_what_changed()
    {
        var title = $"Heat {Guid.NewGuid()}";
        using var created = await _admin.Client.PostMovieAsync(title);
        var path = created.Headers.Location!.ToString();
        using var refused = await _admin.Client.PostMovieAsync(title);
        using var patched = await _admin.Client.PatchAsync(path, """{"runtimeMinutes":170,"genres":["Crime"]}""", "*");
        using var unchanged = await _admin.Client.PatchAsync(path, """{"runtimeMinutes":170,"genres":["crime"]}""", "*");
        using var stale = await _admin.Client.SendAsync("DELETE", path, ifMatch: "\"0\"");
        using var deleted = await _admin.Client.DeleteAsync(path);
        using var twice = await _admin.Client.DeleteAsync(path);

        Assert.Equal(
            [409, 200, 200, 412, 204, 404],
            new[] { refused, patched, unchanged, stale, deleted, twice }.Select(response => (int)response.StatusCode));
        var entries = await EntriesAsync();
        Assert.Equal(["movie.deleted", "movie.updated", "movie.created"], entries.Select(entry => entry.GetProperty("action").GetString()));
        Assert.All(entries, entry => Assert.EndsWith($"/{entry.GetProperty("subjectId").GetInt64()}", path, StringComparison.Ordinal));
        Assert.Equal(title, entries[2].GetProperty("after").GetProperty("title").GetString());
        AssertJson("""{"runtimeMinutes":null,"genres":[]}""", entries[1].GetProperty("before"));
        AssertJson("""{"runtimeMinutes":170,"genres":["Crime"]}""", entries[1].GetProperty("after"));
        Assert.Equal(170, entries[0].GetProperty("before").GetProperty("runtimeMinutes").GetInt32());
        Assert.Equal("null", entries[0].GetProperty("after").GetRawText());
    }

    [Fact]
    public async Task Subject_has_the_name_that_it_has_now_and_a_deleted_one_the_name_that_the_entry_keeps()
    {
        const string Nobody = "(null)";
        var id = $"{Guid.NewGuid():N}";
        using var created = await _admin.Client.PostMovieAsync($"First {id}");
        var movie = created.Headers.Location!.ToString();
        using var patched = await _admin.Client.PatchAsync(movie, """{"runtimeMinutes":170}""", "*");
        Assert.Equal([$"First {id}", $"First {id}"], await NamesAsync());
        using var renamed = await _admin.Client.PatchAsync(movie, $$"""{"title":"Second {{id}}"}""", "*");
        Assert.Equal([$"Second {id}", $"Second {id}", $"Second {id}"], await NamesAsync());
        using var deleted = await _admin.Client.DeleteAsync(movie);
        Assert.Equal([$"Second {id}", $"First {id}", Nobody, $"First {id}"], await NamesAsync());

        var (from, into) = (await AddGenreAsync($"From {id}"), await AddGenreAsync($"Into {id}"));
        using var merged = await _admin.Client.PostAsJsonAsync($"/api/v1/genres/{from}/merge", new { into });
        Assert.Equal([$"From {id}", $"Into {id}", $"From {id}"], (await NamesAsync())[..3]);

        var user = await api.AddSignedInUserAsync();
        await api.ExecuteAsync($"UPDATE users SET display_name = 'Ann' WHERE id = {user.Id}");
        using var promoted = await _admin.Client.SendAsync("PUT", $"/api/v1/admin/users/{user.Id}/roles/moderator");
        Assert.Equal("Ann", (await NamesAsync())[0]);
        using var left = await user.Client.DeleteAsync("/api/v1/me");
        Assert.Equal(Nobody, (await NamesAsync())[0]);

        using var imported = await _admin.Client.SendAsync("POST", Import, "x", Ndjson);
        Assert.Equal(Nobody, (await NamesAsync())[0]);

        async Task<long> AddGenreAsync(string name)
        {
            using var genre = await _admin.Client.PostAsJsonAsync("/api/v1/genres", new { name });
            return (await genre.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        }

        async Task<string[]> NamesAsync() => [.. (await EntriesAsync()).Select(entry => entry.GetProperty("subjectName").GetString() ?? Nobody)];
    }

    [Fact]
    public async Task Import_is_one_entry_with_its_counts()
    {
        var id = Guid.NewGuid();
        var lines = Enumerable.Range(0, 600).Select(n => $$"""{"title":"Film {{n}} {{id}}","releaseDate":"2001-01-01"}""").ToList();
        using var first = await _admin.Client.SendAsync("POST", Import, string.Join('\n', lines[..5]), Ndjson, key: $"{id}");
        using var replayed = await _admin.Client.SendAsync("POST", Import, string.Join('\n', lines[..5]), Ndjson, key: $"{id}");
        lines[0] = lines[0].Replace("}", ",\"director\":\"Ann\"}", StringComparison.Ordinal);
        using var second = await _admin.Client.SendAsync("POST", Import, string.Join('\n', [.. lines, "x", "{}"]), Ndjson);
        using var rejected = await _admin.Client.SendAsync("POST", Import, "x", Ndjson);

        var entries = await EntriesAsync();

        Assert.All(entries, entry => Assert.Equal("movies.imported", entry.GetProperty("action").GetString()));
        Assert.All(entries, entry => Assert.Equal("null", entry.GetProperty("subjectId").GetRawText()));
        Assert.Equal(3, entries.Length);
        AssertJson("""{"created":0,"updated":0,"unchanged":0,"rejected":1}""", entries[0].GetProperty("after"));
        AssertJson("""{"created":595,"updated":1,"unchanged":4,"rejected":2}""", entries[1].GetProperty("after"));
        AssertJson("""{"created":5,"updated":0,"unchanged":0,"rejected":0}""", entries[2].GetProperty("after"));
    }

    [Fact]
    public async Task Import_that_breaks_off_is_recorded_with_what_it_wrote()
    {
        var id = Guid.NewGuid();
        var lines = Enumerable.Range(0, 300).Select(n => $$"""{"title":"Film {{n}} {{id}}","releaseDate":"2001-01-01"}""" + "\n");
        // A client that follows redirects buffers what it sends.
        using var client = api.CreateClient(new() { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Authorization = _admin.Client.DefaultRequestHeaders.Authorization;
        var end = new TaskCompletionSource();
        using var content = new WaitingContent(Encoding.UTF8.GetBytes(string.Concat(lines)), end.Task);
        content.Headers.ContentType = new(Ndjson);

        using var connection = new CancellationTokenSource();
        var import = client.PostAsync(Import, content, connection.Token);
        await Eventually.SucceedsAsync(async () => Assert.Single(await EntriesAsync()));
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import);
        end.SetResult();

        AssertJson("""{"created":250,"updated":0,"unchanged":0,"rejected":0}""", Assert.Single(await EntriesAsync()).GetProperty("after"));
        Assert.Equal(250, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"%{id}"}"));
    }

    [Fact]
    public async Task Deletion_of_a_review_by_another_is_recorded_without_its_text()
    {
        var (author, moderator) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync(Roles.Moderator));
        var title = $"Film {Guid.NewGuid()}";
        var movie = await api.AddMovieAsync(title);
        async Task<Uri> PostAsync(HttpClient client)
        {
            using var posted = await client.PostAsJsonAsync(
                $"/api/v1/movies/{movie}/reviews", new { title = "My words", body = "My words" });
            return posted.Headers.Location!;
        }

        var (theirs, own) = (await PostAsync(author.Client), await PostAsync(moderator.Client));
        foreach (var path in new[] { theirs, own })
        {
            using var deleted = await moderator.Client.DeleteAsync(path);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        var entry = Assert.Single(await EntriesAsync(moderator.Id));
        Assert.Equal("review.removed", entry.GetProperty("action").GetString());
        var before = entry.GetProperty("before");
        Assert.Equal((movie, author.Id), (before.GetProperty("movieId").GetInt64(), before.GetProperty("authorId").GetInt64()));
        Assert.DoesNotContain("My words", entry.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(title, entry.GetProperty("subjectName").GetString());
    }

    [Fact]
    public async Task Concurrent_deletes_of_a_review_are_recorded_once()
    {
        var (author, moderator) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync(Roles.Moderator));
        var movie = await api.AddMovieAsync($"Film {Guid.NewGuid()}");
        using var posted = await author.Client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Title", body = "Body" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => moderator.Client.DeleteAsync(posted.Headers.Location)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound));
        Assert.Single(await EntriesAsync(moderator.Id));
    }

    [Fact]
    public async Task Trail_is_paged_newest_first()
    {
        for (var i = 0; i < 5; i++)
        {
            using var created = await _admin.Client.PostMovieAsync($"Film {Guid.NewGuid()}");
        }

        var ids = (await _admin.Client.WalkAsync($"{Audit}?limit=3", "id")).ConvertAll(long.Parse);

        Assert.Equal(ids.Distinct().OrderDescending(), ids);
        Assert.InRange(ids.Count, 5, int.MaxValue);
    }

    [Fact]
    public async Task Trail_is_filtered_by_act_subject_actor_and_time_page_by_page()
    {
        var user = await api.AddSignedInUserAsync();
        foreach (var (method, path) in new[] { ("PUT", "roles/moderator"), ("PUT", "lock"), ("DELETE", "lock"), ("DELETE", "roles/moderator") })
        {
            using var act = await _admin.Client.SendAsync(method, $"/api/v1/admin/users/{user.Id}/{path}");
        }

        using var created = await _admin.Client.PostMovieAsync($"Film {Guid.NewGuid()}");
        await api.ExecuteAsync($"UPDATE audit_entries SET created_at = '2020-01-01T12:00:00Z' WHERE actor_id = {_admin.Id} AND action = 'user.locked'");

        async Task<string[]> ActionsAsync(string filter) =>
            [.. await _admin.Client.WalkAsync($"{Audit}?limit=2&actorId={_admin.Id}{filter}", "action")];
        string[] all = ["movie.created", "role.removed", "user.unlocked", "user.locked", "role.added"];
        Assert.Equal(all, await ActionsAsync(""));
        Assert.Equal(["role.added"], await ActionsAsync("&action=role.added"));
        Assert.Equal(all[1..], await ActionsAsync($"&subjectType=user&subjectId={user.Id}"));
        Assert.Equal(["movie.created"], await ActionsAsync("&subjectType=movie"));
        Assert.Equal(["user.locked"], await ActionsAsync("&to=2020-01-01T14:00:01%2B02:00&from=2020-01-01T12:00:00Z"));
        Assert.Equal(["movie.created", "role.removed", "user.unlocked", "role.added"], await ActionsAsync("&from=2020-01-01T12:00:01Z"));
        Assert.Empty(await ActionsAsync("&to=2020-01-01T12:00:00Z"));
        Assert.Empty(await ActionsAsync("&action=no.such"));
    }

    [Theory]
    [InlineData("action=%20", "action")]
    [InlineData("subjectType=film", "subjectType")]
    [InlineData("subjectId=x", "subjectId")]
    [InlineData("from=yesterday", "from")]
    public async Task Invalid_filter_is_400(string filter, string blamed)
    {
        using var response = await _admin.Client.GetAsync($"{Audit}?{filter}");

        Assert.Equal([blamed], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    private static void AssertJson(string expected, JsonElement actual)
    {
        using var document = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(document.RootElement, actual), actual.GetRawText());
    }

    /// <summary>What an account did, newest first.</summary>
    private async Task<JsonElement[]> EntriesAsync(long? actor = null) =>
    [
        .. (await _admin.Client.GetJsonAsync($"{Audit}?limit=100")).GetProperty("items").EnumerateArray()
            .Where(entry => entry.GetProperty("actorId").GetInt64() == (actor ?? _admin.Id)),
    ];
}
