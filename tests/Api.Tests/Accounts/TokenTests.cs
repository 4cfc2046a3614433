using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Accounts;

public sealed class TokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Protected = "/api/v1/auth/manage/info";
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task A_token_of_one_replica_is_good_on_another_and_after_a_restart()
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());
        await using var replica = api.Replica();
        using var client = replica.CreateClient();

        using var refreshed = await client.RefreshAsync(tokens.Refresh);
        client.Use(tokens);

        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        await client.GetJsonAsync(Protected);
        _client.Use(await refreshed.ReadTokensAsync());
        await _client.GetJsonAsync(Protected);
    }

    [Fact]
    public async Task Replicas_that_start_at_once_on_an_empty_ring_make_one_key()
    {
        await using var fresh = new ApiFixture();
        await fresh.InitializeAsync();
        await using var replica = fresh.Replica();
        using var first = fresh.CreateClient();
        using var second = replica.CreateClient();

        await Task.WhenAll(first.BecomeAsync(AccountClient.NewAddress()), second.BecomeAsync(AccountClient.NewAddress()));

        Assert.Equal(1, await fresh.ScalarAsync<long>($"SELECT count(*) FROM data_protection_keys"));
        (first.DefaultRequestHeaders.Authorization, second.DefaultRequestHeaders.Authorization) =
            (second.DefaultRequestHeaders.Authorization, first.DefaultRequestHeaders.Authorization);
        await first.GetJsonAsync(Protected);
        await second.GetJsonAsync(Protected);
    }

    [Fact]
    public async Task Another_password_ends_every_token_given_before()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);

        using var changed = await _client.PostAsJsonAsync(
            Protected, new { oldPassword = AccountClient.Password, newPassword = "staple battery horse correct" });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var answer = await _client.GetAsync(Protected);
        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var refreshed = await _client.RefreshAsync(tokens.Refresh);
        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var again = await _client.LogInAsync(email, "staple battery horse correct");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("\u05e9\u05dc\u05d5\u05dd")]
    public async Task A_refresh_token_that_is_none_is_refused(string token)
    {
        using var answer = await _client.RefreshAsync(token);

        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task An_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing()
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());

        using var refreshed = await _client.RefreshAsync(tokens.Access);
        _client.Use(new(tokens.Refresh, tokens.Access));
        using var opened = await _client.GetAsync(Protected);

        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await opened.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_token_that_has_expired_or_was_changed_is_refused()
    {
        var user = await api.AddUserAsync($"late-{Guid.NewGuid():N}");
        var token = api.TokenOf(user);

        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(api.TokenOf(user, TimeSpan.FromSeconds(-1))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(token[..^8] + "AAAAAAAA"));
    }

    [Fact]
    public async Task A_token_of_an_account_that_is_gone_is_refused_at_once()
    {
        var person = await api.AddPersonAsync();
        await person.Client.GetJsonAsync(Protected);

        await api.ExecuteAsync($"DELETE FROM users WHERE id = {person.Id}");

        using var answer = await person.Client.GetAsync(Protected);
        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    private async Task<HttpStatusCode> StatusWithAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Protected) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }
}
