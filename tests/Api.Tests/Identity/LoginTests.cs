using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class LoginTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Login_returns_a_short_lived_access_token_and_a_refresh_token()
    {
        var email = AccountClient.NewAddress();
        using var registered = await _client.RegisterAsync(email);

        using var answer = await _client.LogInAsync(email);

        Assert.True(answer.Headers.CacheControl?.NoStore);
        var tokens = await answer.ReadJsonAsync();
        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Assert.Equal(900, tokens.GetProperty("expiresIn").GetInt32());
        using var refreshed = await _client.RefreshAsync(tokens.GetProperty("refreshToken").GetString()!);
        _client.Use(await refreshed.ReadTokensAsync());
        Assert.Equal(email, (await _client.GetJsonAsync("/api/v1/auth/manage/info")).GetProperty("email").GetString());
    }

    [Fact]
    public async Task Login_has_the_same_response_for_unknown_email_wrong_password_and_locked_account()
    {
        var email = AccountClient.NewAddress();
        using var registered = await _client.RegisterAsync(email);

        using var unknown = await _client.LogInAsync(AccountClient.NewAddress());
        var expected = (await unknown.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed")).GetProperty("detail").GetString();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var wrong = await _client.LogInAsync(email, "wrong horse battery staple");
            Assert.Equal(expected, (await wrong.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed")).GetProperty("detail").GetString());
        }

        using var locked = await _client.LogInAsync(email);
        Assert.Equal(expected, (await locked.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed")).GetProperty("detail").GetString());
        Assert.True(await api.ScalarAsync<bool>($"SELECT lockout_end > now() + interval '14 minutes' FROM users WHERE email = {email}"));
    }

    [Fact]
    public async Task Password_matches_in_any_Unicode_normalization()
    {
        var email = AccountClient.NewAddress();
        using var registered = await _client.RegisterAsync(email, "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e");

        using var answer = await _client.LogInAsync(email, "cafe\u0301 cre\u0300me bru\u0302le\u0301e");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("useCookies")]
    [InlineData("useSessionCookies")]
    public async Task Login_with_cookies_is_400(string parameter)
    {
        using var answer = await _client.PostAsJsonAsync(
            $"/api/v1/auth/login?{parameter}=true", new { email = AccountClient.NewAddress(), password = AccountClient.Password });

        Assert.Equal([parameter], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }
}
