using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class TokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Protected = "/api/v1/auth/manage/info";
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Token_is_valid_on_every_replica_and_after_a_restart()
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

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("bearer", true)]
    [InlineData("BEARER", true)]
    [InlineData("Basic", false)]
    [InlineData("Bearers", false)]
    public async Task Scheme_of_a_token_is_read_in_whatever_case(string scheme, bool isTaken)
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());
        _client.DefaultRequestHeaders.Authorization = new(scheme, tokens.Access);

        using var answer = await _client.GetAsync(Protected);

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Two_replicas_without_a_key_agree_on_one()
    {
        await using var fresh = new ApiFixture();
        await fresh.InitializeAsync();
        await using var replica = fresh.Replica();
        var rings = new[] { fresh, replica }.Select(host => host.Services.GetRequiredService<DatabaseKeyRing>()).ToArray();
        // The first replica made a key when it started.
        await fresh.ExecuteAsync($"DELETE FROM data_protection_keys");
        Assert.All(rings, ring => Assert.Empty(ring.GetAllElements()));

        Assert.All(rings, ring => ring.StoreElement(new XElement("key", new XAttribute("id", Guid.NewGuid())), $"key-{Guid.NewGuid()}"));
        rings[1].StoreElement(new XElement("revocation"), $"revocation-{Guid.NewGuid()}");

        Assert.All(rings, ring => Assert.Equal(["key", "revocation"], ring.GetAllElements().Select(element => element.Name.LocalName)));
    }

    [Fact]
    public async Task Password_change_invalidates_all_tokens()
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
    public async Task Invalid_refresh_token_is_401(string token)
    {
        using var answer = await _client.RefreshAsync(token);

        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Access_and_refresh_tokens_are_not_interchangeable()
    {
        var tokens = await _client.BecomeAsync(AccountClient.NewAddress());

        using var refreshed = await _client.RefreshAsync(tokens.Access);
        _client.Use(new(tokens.Refresh, tokens.Access));
        using var opened = await _client.GetAsync(Protected);

        await refreshed.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await opened.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Expired_or_altered_token_is_401()
    {
        var user = await api.AddUserAsync($"late-{Guid.NewGuid():N}");
        var token = api.TokenOf(user);

        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(api.TokenOf(user, TimeSpan.FromSeconds(-1))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(token[..^8] + "AAAAAAAA"));
    }

    [Fact]
    public async Task Token_of_a_deleted_account_is_401_at_once()
    {
        var user = await api.AddSignedInUserAsync();
        await user.Client.GetJsonAsync(Protected);

        await api.ExecuteAsync($"DELETE FROM users WHERE id = {user.Id}");

        using var answer = await user.Client.GetAsync(Protected);
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
