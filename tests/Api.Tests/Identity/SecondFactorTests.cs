using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class SecondFactorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/auth/manage/2fa";
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Login_asks_for_the_second_factor_only_with_the_right_password()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        var key = (await ManageAsync(new { })).GetProperty("sharedKey").GetString()!;
        var first = Authenticator.CodeOf(key, periodsAgo: 1);
        var enabled = await ManageAsync(new { enable = true, twoFactorCode = first });
        using var ended = await _client.PostAsJsonAsync(Path, new { });
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        var recovery = enabled.GetProperty("recoveryCodes")[0].GetString();

        using var wrong = await _client.LogInAsync(email, "wrong horse battery staple");
        await wrong.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed");
        using var missing = await _client.LogInAsync(email);
        await missing.ReadProblemAsync(HttpStatusCode.Unauthorized, "second_factor_required");
        using var incorrect = await LogInAsync(new { email, password = AccountClient.Password, twoFactorCode = "000000" });
        await incorrect.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed");
        var code = Authenticator.CodeOf(key);
        using var withCode = await LogInAsync(new { email, password = AccountClient.Password, twoFactorCode = code });
        using var refreshed = await _client.RefreshAsync(_client.Use(await withCode.ReadTokensAsync()).Refresh);
        await _client.GetJsonAsync("/api/v1/me/sessions");
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        foreach (var usedCode in new[] { code, $" 0{code}", first })
        {
            using var again = await LogInAsync(new { email, password = AccountClient.Password, twoFactorCode = usedCode });
            await again.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed");
        }

        using var withRecovery = await LogInAsync(new { email, password = AccountClient.Password, twoFactorRecoveryCode = recovery });
        Assert.Equal(HttpStatusCode.OK, withRecovery.StatusCode);
        using var twice = await LogInAsync(new { email, password = AccountClient.Password, twoFactorRecoveryCode = recovery });
        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
    }

    [Fact]
    public async Task Second_factor_stays_off_with_a_wrong_code()
    {
        await _client.BecomeAsync(AccountClient.NewAddress());

        using var answer = await _client.PostAsJsonAsync(Path, new { enable = true, twoFactorCode = "nonsense" });

        Assert.Equal(["twoFactorCode"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.False((await ManageAsync(new { })).GetProperty("isTwoFactorEnabled").GetBoolean());
    }

    private Task<HttpResponseMessage> LogInAsync(object body) => _client.PostAsJsonAsync("/api/v1/auth/login", body);

    private async Task<JsonElement> ManageAsync(object body)
    {
        using var answer = await _client.PostAsJsonAsync(Path, body);
        answer.EnsureSuccessStatusCode();
        return await answer.ReadJsonAsync();
    }
}
