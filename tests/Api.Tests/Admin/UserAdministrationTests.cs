using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Tests.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Admin;

public sealed class UserAdministrationTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Users = "/api/v1/admin/users";
    private TestUser _admin = null!;

    public async Task InitializeAsync() => _admin = await api.AddSignedInUserAsync(Roles.Admin);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Accounts_are_listed_newest_first_and_paged()
    {
        var mark = $"{Guid.NewGuid():N}";
        List<long> ids = [];
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await api.AddUserAsync($"{i} {mark}"));
        }

        var seen = await _admin.Client.WalkAsync($"{Users}?search={mark}&limit=2", "id");

        Assert.Equal(ids.Select(id => $"{id}"), seen);
        Assert.Equal(5, (await _admin.Client.GetJsonAsync($"{Users}?search={mark}&includeTotal=true")).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("/roles/moderator", "role.added", "role.removed")]
    [InlineData("/lock", "user.locked", "user.unlocked")]
    public async Task Same_act_of_many_at_once_is_done_and_recorded_once(string act, string done, string undone)
    {
        var id = await api.AddUserAsync($"user-{Guid.NewGuid():N}");
        await using var replica = api.Replica();
        using var other = replica.CreateClient(await api.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);
        foreach (var (method, action) in new[] { ("PUT", done), ("DELETE", undone) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _admin.Client : other).SendAsync(method, $"{Users}/{id}{act}")));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
            Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_entries WHERE subject_id = {id} AND action = {action}"));
        }
    }

    [Fact]
    public async Task Search_finds_a_part_of_email_or_name_and_takes_every_character_as_itself()
    {
        var mark = $"{Guid.NewGuid():N}"[..12];
        var ann = await api.AddUserAsync($"ann-{mark}");
        await api.ExecuteAsync($"UPDATE users SET display_name = {$@"100% O'Brien_\ {mark}"} WHERE id = {ann}");

        foreach (var found in new[] { $"NN-{mark}@EXAM", mark.ToUpperInvariant(), $" {mark} ", $"100% o'brien_\\ {mark}", $"_\\ {mark}" })
        {
            Assert.Equal([$"{ann}"], (await _admin.Client.GetJsonAsync($"{Users}?search={Uri.EscapeDataString(found)}")).Items("id"));
        }

        foreach (var missed in new[] { $"a_n-{mark}", $"ann-%{mark[5..]}", $"xx{mark}" })
        {
            Assert.Empty((await _admin.Client.GetJsonAsync($"{Users}?search={Uri.EscapeDataString(missed)}")).Items("id"));
        }
    }

    [Theory]
    [InlineData("search=", "search")]
    [InlineData("search=%20", "search")]
    [InlineData("search=a&search=b", "search")]
    [InlineData("search=%00", "search")]
    [InlineData("role=owner", "role")]
    [InlineData("role=Admin", "role")]
    [InlineData("locked=yes", "locked")]
    [InlineData("sort=id", "sort")]
    public async Task Invalid_filter_is_400_that_names_it(string query, string blamed)
    {
        using var response = await _admin.Client.GetAsync($"{Users}?{query}");

        Assert.Equal([blamed], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Filter_by_role_lists_those_who_have_it()
    {
        var mark = $"{Guid.NewGuid():N}";
        var moderator = await api.AddUserAsync($"m {mark}");
        var both = await api.AddUserAsync($"b {mark}");
        await api.AddUserAsync($"u {mark}");
        using var first = api.CreateClient(moderator, Roles.User, Roles.Moderator);
        using var second = api.CreateClient(both, Roles.User, Roles.Moderator, Roles.Admin);

        Assert.Equal([$"{both}", $"{moderator}"], (await _admin.Client.GetJsonAsync($"{Users}?search={mark}&role=moderator")).Items("id"));
        Assert.Equal([$"{both}"], (await _admin.Client.GetJsonAsync($"{Users}?role=admin&search={mark}")).Items("id"));
        var roles = (await _admin.Client.GetJsonAsync($"{Users}/{both}")).GetProperty("roles").EnumerateArray();
        Assert.Equal(["admin", "moderator", "user"], roles.Select(role => role.GetString()));
    }

    [Fact]
    public async Task Filter_by_lock_lists_those_who_cannot_log_in_or_those_who_can()
    {
        var mark = $"{Guid.NewGuid():N}";
        List<string> ids = [];
        foreach (var until in new[] { null, "infinity", "2020-01-01T00:00:00Z", "9999-01-01T00:00:00Z" })
        {
            var id = await api.AddUserAsync($"{ids.Count} {mark}");
            await api.ExecuteAsync($"UPDATE users SET lockout_end = {until}::timestamptz WHERE id = {id}");
            ids.Add($"{id}");
        }

        Assert.Equal([ids[3], ids[1]], await _admin.Client.WalkAsync($"{Users}?search={mark}&locked=true&limit=1", "id"));
        Assert.Equal([ids[2], ids[0]], (await _admin.Client.GetJsonAsync($"{Users}?search={mark}&locked=false")).Items("id"));
    }

    [Fact]
    public async Task Search_reads_the_index_of_trigrams()
    {
        await using var scope = api.Services.CreateAsyncScope();
        var list = scope.ServiceProvider.GetRequiredService<MovieDbContext>().ListAccounts(new UserFilter { Search = "shawshank" });

        var plan = await api.PlanAsync(list.Page(null, 20), "SET enable_seqscan = off; SET enable_indexscan = off");

        Assert.Contains("Bitmap Index Scan on ix_users_trigrams", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_takes_effect_at_once_and_again_changes_nothing()
    {
        var user = await api.AddSignedInUserAsync();

        foreach (var _ in new[] { 1, 2 })
        {
            await SendAsync("PUT", $"{Users}/{user.Id}/roles/admin", HttpStatusCode.NoContent);
            await user.Client.GetJsonAsync($"{Users}/{user.Id}");
        }

        foreach (var _ in new[] { 1, 2 })
        {
            await SendAsync("DELETE", $"{Users}/{user.Id}/roles/admin", HttpStatusCode.NoContent);
            using var refused = await user.Client.GetAsync($"{Users}/{user.Id}");
            await refused.ReadProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.Equal(["role.removed", "role.added"], await ActionsAsync(user.Id));
    }

    [Theory]
    [InlineData("PUT", "/roles/owner")]
    [InlineData("DELETE", "/roles/owner")]
    [InlineData("PUT", "/roles/Admin")]
    [InlineData("PUT", "/roles/%20")]
    public async Task Unknown_role_is_404(string method, string path)
    {
        var user = await api.AddSignedInUserAsync();

        using var response = await _admin.Client.SendAsync(method, $"{Users}/{user.Id}{path}");

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "/roles/moderator")]
    [InlineData("DELETE", "/roles/admin")]
    [InlineData("PUT", "/lock")]
    [InlineData("DELETE", "/lock")]
    [InlineData("GET", "/sessions")]
    [InlineData("DELETE", "/sessions")]
    [InlineData("DELETE", "/sessions/019abc00-0000-7000-8000-000000000000")]
    public async Task Unknown_account_is_404_and_leaves_no_entry(string method, string path)
    {
        foreach (var id in new[] { "987654321", "9223372036854775807", "0", "01", "9223372036854775808" })
        {
            using var response = await _admin.Client.SendAsync(method, $"{Users}/{id}{path}");
            await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        Assert.Empty(await ActionsAsync(987654321));
    }

    [Fact]
    public async Task Role_that_everybody_has_stays()
    {
        var user = await api.AddSignedInUserAsync();

        using var response = await _admin.Client.DeleteAsync($"{Users}/{user.Id}/roles/user");

        await response.ReadProblemAsync(HttpStatusCode.Conflict, "conflict");
        await user.Client.GetJsonAsync("/api/v1/me");
    }

    [Fact]
    public async Task Locked_account_is_out_until_it_is_unlocked()
    {
        var email = AccountClient.NewAddress();
        using var client = api.CreateClient();
        var tokens = await client.BecomeAsync(email);
        var id = await api.ScalarAsync<long>($"SELECT id FROM users WHERE email = {email}");

        await SendAsync("PUT", $"{Users}/{id}/lock", HttpStatusCode.NoContent);
        await SendAsync("PUT", $"{Users}/{id}/lock", HttpStatusCode.NoContent);

        using var read = await client.GetAsync("/api/v1/me");
        await read.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var refreshed = await client.RefreshAsync(tokens.Refresh);
        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var refused = await client.LogInAsync(email);
        using var unknown = await client.LogInAsync(AccountClient.NewAddress());
        Assert.Equal(await DetailAsync(unknown), await DetailAsync(refused));
        var locked = await _admin.Client.GetJsonAsync($"{Users}/{id}");
        Assert.True(locked.GetProperty("locked").GetBoolean());
        Assert.Equal(JsonValueKind.Null, locked.GetProperty("lockedUntil").ValueKind);

        await SendAsync("DELETE", $"{Users}/{id}/lock", HttpStatusCode.NoContent);
        await SendAsync("DELETE", $"{Users}/{id}/lock", HttpStatusCode.NoContent);

        using var again = await client.LogInAsync(email);
        client.Use(await again.ReadTokensAsync());
        Assert.Single((await client.GetJsonAsync("/api/v1/me/sessions")).Items("id"));
        Assert.Equal(["user.unlocked", "user.locked"], await ActionsAsync(id));
    }

    [Theory]
    [InlineData("""{"reason":" Sells watches. "}""", "Sells watches.")]
    [InlineData("{}", null)]
    [InlineData(null, null)]
    public async Task Reason_of_a_lock_is_in_the_audit_trail_where_there_is_one(string? body, string? reason)
    {
        var id = await api.AddUserAsync($"locked-{Guid.NewGuid():N}");

        using var locked = await _admin.Client.SendAsync("PUT", $"{Users}/{id}/lock", body);

        Assert.Equal(HttpStatusCode.NoContent, locked.StatusCode);
        var entry = (await _admin.Client.GetJsonAsync($"/api/v1/admin/audit?subjectType=user&subjectId={id}")).GetProperty("items")[0];
        Assert.True(entry.GetProperty("after").GetProperty("locked").GetBoolean());
        Assert.Equal(reason, entry.GetProperty("after").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Lock_with_a_reason_that_is_too_long_is_400_and_locks_nobody()
    {
        var id = await api.AddUserAsync($"open-{Guid.NewGuid():N}");

        using var response = await _admin.Client.SendAsync("PUT", $"{Users}/{id}/lock", $$"""{"reason":"{{new string('x', 1001)}}"}""");

        Assert.Equal(["reason"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.False((await _admin.Client.GetJsonAsync($"{Users}/{id}")).GetProperty("locked").GetBoolean());
    }

    [Fact]
    public async Task Lock_of_failed_logins_shows_its_end_and_can_be_taken_back()
    {
        var email = AccountClient.NewAddress();
        using var client = api.CreateClient();
        await client.BecomeAsync(email);
        var id = await api.ScalarAsync<long>($"SELECT id FROM users WHERE email = {email}");
        for (var i = 0; i < 10; i++)
        {
            using var failed = await client.LogInAsync(email, "wrong horse battery staple");
        }

        var locked = await _admin.Client.GetJsonAsync($"{Users}/{id}");
        Assert.True(locked.GetProperty("locked").GetBoolean());
        Assert.InRange(locked.GetProperty("lockedUntil").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromMinutes(15));
        await client.GetJsonAsync("/api/v1/me");
        await SendAsync("DELETE", $"{Users}/{id}/lock", HttpStatusCode.NoContent);

        using var again = await client.LogInAsync(email);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Failed_login_at_the_moment_of_a_lock_does_not_undo_it()
    {
        var user = await api.AddSignedInUserAsync();
        await using var scope = api.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var logsIn = (await users.FindByIdAsync($"{user.Id}"))!;
        await SendAsync("PUT", $"{Users}/{user.Id}/lock", HttpStatusCode.NoContent);

        await users.AccessFailedAsync(logsIn);

        Assert.True(await api.ScalarAsync<bool>($"SELECT lockout_end = 'infinity' FROM users WHERE id = {user.Id}"));
    }

    [Fact]
    public async Task Own_account_cannot_be_locked()
    {
        await api.AddSignedInUserAsync(Roles.Admin);

        using var response = await _admin.Client.PutAsync($"{Users}/{_admin.Id}/lock", null);

        await response.ReadProblemAsync(HttpStatusCode.Conflict, "own_account");
        Assert.Empty(await ActionsAsync(_admin.Id));
    }

    [Fact]
    public async Task Sessions_of_an_account_are_ended()
    {
        var user = await api.AddSignedInUserAsync();

        await SendAsync("DELETE", $"{Users}/{user.Id}/sessions", HttpStatusCode.NoContent);
        await SendAsync("DELETE", $"{Users}/{user.Id}/sessions", HttpStatusCode.NoContent);

        using var read = await user.Client.GetAsync("/api/v1/me");
        await read.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal(["sessions.ended"], await ActionsAsync(user.Id));
    }

    [Fact]
    public async Task One_session_of_an_account_is_seen_and_ended()
    {
        var email = AccountClient.NewAddress();
        using var client = api.CreateClient();
        using var other = api.CreateClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Laptop/1.0");
        other.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        await client.BecomeAsync(email);
        using var login = await other.LogInAsync(email);
        other.Use(await login.ReadTokensAsync());
        var id = await api.ScalarAsync<long>($"SELECT id FROM users WHERE email = {email}");

        var sessions = await _admin.Client.GetJsonAsync($"{Users}/{id}/sessions");
        Assert.Equal(["Phone/1.0", "Laptop/1.0"], sessions.Items("userAgent"));
        Assert.Equal(["False", "False"], sessions.Items("current"));
        var phone = sessions.Items("id")[0];
        var stranger = await api.AddSignedInUserAsync();
        await SendAsync("DELETE", $"{Users}/{stranger.Id}/sessions/{phone}", HttpStatusCode.NotFound);
        await SendAsync("DELETE", $"{Users}/{id}/sessions/{phone}", HttpStatusCode.NoContent);
        await SendAsync("DELETE", $"{Users}/{id}/sessions/{phone}", HttpStatusCode.NotFound);

        using var ended = await other.GetAsync("/api/v1/me");
        await ended.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await client.GetJsonAsync("/api/v1/me");
        Assert.Equal(["session.ended"], await ActionsAsync(id));
        var own = await _admin.Client.GetJsonAsync($"{Users}/{_admin.Id}/sessions");
        Assert.Equal(["True"], own.Items("current"));
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        (await response.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed")).GetProperty("detail").GetString();

    private async Task SendAsync(string method, string path, HttpStatusCode expected)
    {
        using var response = await _admin.Client.SendAsync(method, path);
        Assert.True(expected == response.StatusCode, $"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>What the audit trail has of an account, newest first.</summary>
    private async Task<string[]> ActionsAsync(long userId) => await api.ScalarAsync<string[]>(
        $"SELECT array_agg(action::text ORDER BY id DESC) FROM audit_entries WHERE subject_type = 'user' AND subject_id = {userId}")
        ?? [];
}
