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
    public async Task Of_two_replicas_that_find_no_key_one_makes_it_and_the_other_takes_it()
    {
        await using var fresh = new ApiFixture();
        await fresh.InitializeAsync();
        await using var replica = fresh.Replica();
        var rings = new[] { fresh, replica }.Select(host => host.Services.GetRequiredService<DatabaseKeyRing>()).ToArray();
        Assert.All(rings, ring => Assert.Empty(ring.GetAllElements()));

        Assert.All(rings, ring => ring.StoreElement(new XElement("key", new XAttribute("id", Guid.NewGuid())), $"key-{Guid.NewGuid()}"));
        rings[1].StoreElement(new XElement("revocation"), $"revocation-{Guid.NewGuid()}");

        Assert.All(rings, ring => Assert.Equal(["key", "revocation"], ring.GetAllElements().Select(element => element.Name.LocalName)));
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
