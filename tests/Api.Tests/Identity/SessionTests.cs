using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Http;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Identity;

public sealed class SessionTests(LogTests.Fixture api) : IClassFixture<LogTests.Fixture>
{
    private const string Sessions = "/api/v1/me/sessions";
    private const string LogOut = "/api/v1/auth/logout";
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Each_login_is_a_session_that_the_user_sees()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        using var phone = api.CreateClient();
        phone.DefaultRequestHeaders.Add("User-Agent", "Phone/1.0");
        var tokens = await LogInAsync(phone, email);
        using var refreshed = await phone.RefreshAsync(tokens.Refresh);
        phone.Use(await refreshed.ReadTokensAsync());

        var items = (await phone.GetJsonAsync($"{Sessions}?includeTotal=true")).GetProperty("items").EnumerateArray().ToArray();

        Assert.Equal(["Phone/1.0", null], items.Select(item => item.GetProperty("userAgent").GetString()));
        Assert.Equal([true, false], items.Select(item => item.GetProperty("current").GetBoolean()));
        DateTimeOffset At(string property) => items[0].GetProperty(property).GetDateTimeOffset();
        Assert.True(At("createdAt") < At("refreshedAt"));
        Assert.Equal(TimeSpan.FromDays(14), At("expiresAt") - At("refreshedAt"));
    }

    [Fact]
    public async Task Session_shows_the_address_that_the_login_came_from()
    {
        var user = await api.AddSignedInUserAsync();
        foreach (var address in new[] { "203.0.113.7", "::ffff:198.51.100.1", "2001:db8::1" })
        {
            await StartAsync(user.Id, context => context.Connection.RemoteIpAddress = IPAddress.Parse(address));
        }

        var page = await user.Client.GetJsonAsync(Sessions);

        Assert.Equal(["2001:db8::1", "198.51.100.1", "203.0.113.7", ""], page.Items("address"));
    }

    [Fact]
    public async Task Sessions_are_paged()
    {
        var user = await api.AddSignedInUserAsync();
        for (var i = 0; i < 4; i++)
        {
            await StartAsync(user.Id, context => context.Request.Headers.UserAgent = $"{i}");
        }

        var seen = await user.Client.WalkAsync($"{Sessions}?limit=2", "userAgent");

        Assert.Equal(["3", "2", "1", "0", ""], seen);
        using var sorted = await user.Client.GetAsync($"{Sessions}?sort=createdAt");
        await sorted.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Long_user_agent_is_cut_between_characters()
    {
        var user = await api.AddSignedInUserAsync();
        await StartAsync(user.Id, context => context.Request.Headers.UserAgent = new string('a', 199) + "\U0001F3AC and more");

        Assert.Equal(new string('a', 199), (await user.Client.GetJsonAsync(Sessions)).Items("userAgent")[0]);
    }

    [Fact]
    public async Task Refresh_token_that_is_used_twice_ends_its_session_and_no_other()
    {
        var email = AccountClient.NewAddress();
        var stolen = await _client.BecomeAsync(email);
        using var other = api.CreateClient();
        await LogInAsync(other, email);
        using var first = await _client.RefreshAsync(stolen.Refresh);
        var next = _client.Use(await first.ReadTokensAsync());
        await _client.GetJsonAsync("/api/v1/me");
        var session = await CurrentIdAsync(_client);

        using var second = await _client.RefreshAsync(stolen.Refresh);

        await second.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await AssertEndedAsync(_client, next);
        Assert.Single((await other.GetJsonAsync(Sessions)).Items("id"));
        var warning = Assert.Single(api.Warnings, text => text.Contains(session, StringComparison.Ordinal));
        Assert.DoesNotContain(email, warning, StringComparison.Ordinal);
        Assert.DoesNotContain(stolen.Refresh, warning, StringComparison.Ordinal);
        Assert.Empty(api.Errors);
    }

    [Fact]
    public async Task Concurrent_refreshes_with_one_token_let_one_win_and_end_the_session()
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());
        var session = await CurrentIdAsync(_client);
        await using var replica = api.Replica();
        using var elsewhere = replica.CreateClient();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? _client : elsewhere).RefreshAsync(tokens.Refresh)));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        await AssertEndedAsync(_client, _client.Use(await winner.ReadTokensAsync()));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM sessions WHERE id = {Guid.Parse(session)}"));
    }

    [Fact]
    public async Task Session_that_is_ended_while_it_is_refreshed_stays_ended()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        for (var round = 0; round < 8; round++)
        {
            var old = await LogInAsync(_client, email);

            var refreshing = _client.RefreshAsync(old.Refresh);
            using var loggedOut = await _client.PostAsync(LogOut, null);
            using var refreshed = await refreshing;

            Assert.Equal(HttpStatusCode.NoContent, loggedOut.StatusCode);
            await AssertEndedAsync(_client, old);
            if (refreshed.StatusCode == HttpStatusCode.OK)
            {
                await AssertEndedAsync(_client, _client.Use(await refreshed.ReadTokensAsync()));
            }
        }
    }

    [Fact]
    public async Task Second_of_two_concurrent_changes_of_an_account_is_409()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT FROM users WHERE email = $1 FOR UPDATE", email);

        var changing = Enumerable.Range(1, 2).Select(i => $"another horse battery staple {i}")
            .Select(newPassword => _client.PostAsJsonAsync("/api/v1/auth/manage/info", new { oldPassword = AccountClient.Password, newPassword }))
            .ToList();
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0") == 2,
            "both wait for the account");
        await transaction.CommitAsync();

        var answers = await Task.WhenAll(changing);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await answers.Single(answer => answer.StatusCode != HttpStatusCode.OK).ReadProblemAsync(HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Refreshing_goes_on_as_long_as_each_token_is_used_once()
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());
        for (var i = 0; i < 5; i++)
        {
            using var answer = await _client.RefreshAsync(tokens.Refresh);
            tokens = _client.Use(await answer.ReadTokensAsync());
        }

        Assert.Single((await _client.GetJsonAsync(Sessions)).Items("id"));
    }

    [Fact]
    public async Task Logging_out_ends_the_session_on_every_replica()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        using var other = api.CreateClient();
        await LogInAsync(other, email);
        await using var replica = api.Replica();
        using var elsewhere = replica.CreateClient();
        elsewhere.Use(tokens);
        await elsewhere.GetJsonAsync(Sessions);

        using var loggedOut = await _client.PostAsync(LogOut, null);

        Assert.Equal(HttpStatusCode.NoContent, loggedOut.StatusCode);
        await AssertEndedAsync(elsewhere, tokens);
        using var again = await _client.PostAsync(LogOut, null);
        await again.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Single((await other.GetJsonAsync(Sessions)).Items("id"));
    }

    [Fact]
    public async Task User_ends_one_session_or_all_others()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        using var lost = api.CreateClient();
        var lostTokens = await LogInAsync(lost, email);
        using var forgotten = api.CreateClient();
        var forgottenTokens = await LogInAsync(forgotten, email);
        var stranger = await api.AddSignedInUserAsync();
        var id = await CurrentIdAsync(lost);

        foreach (var other in new[] { id.Replace("-", "", StringComparison.Ordinal), "1", $"{Guid.NewGuid()}" })
        {
            using var unknown = await _client.DeleteAsync($"{Sessions}/{other}");
            await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        using var foreign = await stranger.Client.DeleteAsync($"{Sessions}/{id}");
        await foreign.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        await lost.GetJsonAsync(Sessions);

        using var one = await _client.DeleteAsync($"{Sessions}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, one.StatusCode);
        await AssertEndedAsync(lost, lostTokens);
        using var twice = await _client.DeleteAsync($"{Sessions}/{id}");
        await twice.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");

        using var others = await _client.DeleteAsync(Sessions);
        Assert.Equal(HttpStatusCode.NoContent, others.StatusCode);
        await AssertEndedAsync(forgotten, forgottenTokens);
        Assert.Equal(["True"], (await _client.GetJsonAsync(Sessions)).Items("current"));
        await stranger.Client.GetJsonAsync(Sessions);
    }

    [Fact]
    public async Task New_password_ends_all_sessions()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        using var other = api.CreateClient();
        var otherTokens = await LogInAsync(other, email);
        var id = await IdOfAsync(email);

        using var changed = await _client.PostAsJsonAsync(
            "/api/v1/auth/manage/info", new { oldPassword = AccountClient.Password, newPassword = "staple battery horse correct" });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await AssertEndedAsync(_client, tokens);
        await AssertEndedAsync(other, otherTokens);
        Assert.Equal(0, await CountAsync(id));
    }

    [Fact]
    public async Task Failed_login_ends_no_session()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);

        using var failed = await _client.LogInAsync(email, "wrong horse battery staple");

        await failed.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed");
        Assert.Equal(1, await CountAsync(await IdOfAsync(email)));
    }

    [Fact]
    public async Task Login_at_the_moment_of_a_new_password_is_no_session()
    {
        var id = await api.AddUserAsync($"racing-{Guid.NewGuid():N}");

        await StartAsync(id, stamp: "stamp of the old password");

        Assert.Equal(0, await CountAsync(id));
    }

    [Fact]
    public async Task Expired_session_is_refused_and_forgotten_with_the_next_login()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        var id = await IdOfAsync(email);
        await api.ExecuteAsync($"UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = {id}");

        await AssertEndedAsync(_client, tokens);
        Assert.Equal(1, await CountAsync(id));
        await _client.BecomeAsync(AccountClient.NewAddress());
        Assert.Equal(0, await CountAsync(id));
    }

    [Fact]
    public async Task Tokens_of_a_release_without_sessions_are_refused()
    {
        var user = await api.AddSignedInUserAsync();
        await user.Client.GetJsonAsync("/api/v1/me");
        using var scope = api.Services.CreateScope();
        var account = await scope.ServiceProvider.GetRequiredService<MovieDbContext>().Users.SingleAsync(row => row.Id == user.Id);
        var options = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme);
        var claims = new ClaimsIdentityOptions();
        var identity = new ClaimsIdentity(
            [new(claims.UserIdClaimType, $"{user.Id}"), new(claims.SecurityStampClaimType, account.SecurityStamp!)],
            IdentityConstants.BearerScheme);
        AuthenticationTicket Ticket(string kind) => new(
            new(identity), new() { ExpiresUtc = DateTimeOffset.UtcNow.AddMinutes(5) }, $"{IdentityConstants.BearerScheme}:{kind}");

        user.Client.Use(new(options.BearerTokenProtector.Protect(Ticket("AccessToken")), ""));
        using var read = await user.Client.GetAsync("/api/v1/me");
        using var refreshed = await user.Client.RefreshAsync(options.RefreshTokenProtector.Protect(Ticket("RefreshToken")));

        await read.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Deleted_account_has_no_sessions()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        var id = await IdOfAsync(email);

        using var deleted = await _client.DeleteAsync("/api/v1/me");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertEndedAsync(_client, tokens);
        Assert.Equal(0, await CountAsync(id));
    }

    private static async Task<AccountClient.Tokens> LogInAsync(HttpClient client, string email)
    {
        using var answer = await client.LogInAsync(email);
        return client.Use(await answer.ReadTokensAsync());
    }

    private static async Task<string> CurrentIdAsync(HttpClient client) =>
        (await client.GetJsonAsync(Sessions)).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;

    /// <summary>Neither of the tokens is good any more.</summary>
    private static async Task AssertEndedAsync(HttpClient client, AccountClient.Tokens tokens)
    {
        using var read = await client.GetAsync("/api/v1/me");
        await read.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var refreshed = await client.RefreshAsync(tokens.Refresh);
        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    /// <summary>What a login does once the password was checked.</summary>
    private async Task StartAsync(long userId, Action<HttpContext>? configure = null, string? stamp = null)
    {
        using var scope = api.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<MovieDbContext>().Users.AsNoTracking();
        var user = await users.SingleAsync(row => row.Id == userId);
        user.SecurityStamp = stamp ?? user.SecurityStamp;
        var context = new DefaultHttpContext();
        configure?.Invoke(context);
        await scope.ServiceProvider.GetRequiredService<SessionStore>().StartAsync(user, context);
    }

    private Task<long> IdOfAsync(string email) => api.ScalarAsync<long>($"SELECT id FROM users WHERE email = {email}");

    private Task<long> CountAsync(long userId) => api.ScalarAsync<long>($"SELECT count(*) FROM sessions WHERE user_id = {userId}");
}
