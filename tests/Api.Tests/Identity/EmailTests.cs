using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class EmailTests(MailboxFixture api) : IClassFixture<MailboxFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Confirmation_link_confirms_the_email()
    {
        var email = AccountClient.NewAddress();
        await _client.BecomeAsync(email);
        Assert.False(await IsConfirmedAsync());

        using var answer = await _client.GetAsync(await LinkAsync(email));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(await IsConfirmedAsync());
    }

    [Theory]
    [InlineData("userId=1&code=nonsense")]
    [InlineData("userId=nobody&code=MDA")]
    [InlineData("userId=99999999999999999999&code=MDA")]
    [InlineData("userId=1&code=%F0%9F%8E%AC")]
    [InlineData("userId=1&code=MDA&changedEmail=a%40example.com")]
    public async Task Confirmation_link_that_was_tampered_with_is_400(string query)
    {
        using var answer = await _client.GetAsync($"/api/v1/auth/confirmEmail?{query}");

        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("", "userId")]
    [InlineData("userId=1", "code")]
    [InlineData("code=MDA", "userId")]
    public async Task Confirmation_link_without_a_parameter_is_400_that_names_it(string query, string blamed)
    {
        using var answer = await _client.GetAsync($"/api/v1/auth/confirmEmail?{query}");

        Assert.Equal([blamed], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Owner_of_a_taken_email_gets_an_email()
    {
        var email = AccountClient.NewAddress();
        using var first = await _client.RegisterAsync(email);
        await api.ReceiveAsync(email, EmailKind.ConfirmEmail);

        using var second = await _client.RegisterAsync(email);

        await api.ReceiveAsync(email, EmailKind.EmailTaken);
        Assert.Single(api.To(email), message => message.Kind == EmailKind.ConfirmEmail);
    }

    [Fact]
    public async Task Reset_code_sets_a_new_password_once_and_invalidates_all_tokens()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        using var confirmed = await _client.GetAsync(await LinkAsync(email));
        using var asked = await ForgotAsync(email);
        var code = (await api.ReceiveAsync(email, EmailKind.ResetPassword)).Body.Trim().Split('\n')[^1];

        using var weak = await ResetAsync(email, code, "short");
        using var reset = await ResetAsync(email, code, "staple battery horse correct");
        using var again = await ResetAsync(email, code, "staple battery horse incorrect");

        Assert.Equal(["newPassword"], (await weak.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        Assert.Equal(["resetCode"], (await again.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        using var login = await _client.LogInAsync(email, "staple battery horse correct");
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        using var refreshed = await _client.RefreshAsync(tokens.Refresh);
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
    }

    [Fact]
    public async Task Forgot_password_has_the_same_response_for_everyone_and_sends_only_to_confirmed_emails()
    {
        var (unknown, unconfirmed) = (AccountClient.NewAddress(), AccountClient.NewAddress());
        using var registered = await _client.RegisterAsync(unconfirmed);

        using var first = await ForgotAsync(unknown);
        using var second = await ForgotAsync(unconfirmed);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        using var unknownReset = await ResetAsync(unknown, "MDA", AccountClient.Password);
        using var unconfirmedReset = await ResetAsync(unconfirmed, "MDA", AccountClient.Password);
        Assert.Equal(
            (await unknownReset.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).GetProperty("errors").GetRawText(),
            (await unconfirmedReset.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).GetProperty("errors").GetRawText());
        await api.ReceiveAsync(unconfirmed, EmailKind.ConfirmEmail);
        Assert.DoesNotContain(api.To(unconfirmed), message => message.Kind == EmailKind.ResetPassword);
        Assert.Empty(api.To(unknown));
    }

    [Fact]
    public async Task New_email_takes_effect_once_it_is_confirmed()
    {
        var (old, other) = (AccountClient.NewAddress(), AccountClient.NewAddress());
        await _client.BecomeAsync(old);
        using var asked = await _client.PostAsJsonAsync("/api/v1/auth/manage/info", new { newEmail = other });
        using var tooEarly = await _client.LogInAsync(other);

        using var confirmed = await _client.GetAsync(await LinkAsync(other));

        Assert.Equal(HttpStatusCode.Unauthorized, tooEarly.StatusCode);
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        using var login = await _client.LogInAsync(other);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        using var gone = await _client.LogInAsync(old);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
    }

    [Fact]
    public async Task RequireConfirmedEmail_refuses_login_until_the_email_is_confirmed()
    {
        await using var strict = api.WithWebHostBuilder(builder => builder.UseSetting("Accounts:RequireConfirmedEmail", "true"));
        using var client = strict.CreateClient();
        var email = AccountClient.NewAddress();
        using var registered = await client.RegisterAsync(email);

        using var before = await client.LogInAsync(email);
        await before.ReadProblemAsync(HttpStatusCode.Unauthorized, "login_failed");
        using var confirmed = await client.GetAsync(await LinkAsync(email));
        using var after = await client.LogInAsync(email);

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private async Task<string> LinkAsync(string address) =>
        (await api.ReceiveAsync(address, EmailKind.ConfirmEmail)).Body.Trim().Split('\n')[^1];

    private async Task<bool> IsConfirmedAsync() =>
        (await _client.GetJsonAsync("/api/v1/auth/manage/info")).GetProperty("isEmailConfirmed").GetBoolean();

    private Task<HttpResponseMessage> ForgotAsync(string email) => _client.PostAsJsonAsync("/api/v1/auth/forgotPassword", new { email });

    private Task<HttpResponseMessage> ResetAsync(string email, string resetCode, string newPassword) =>
        _client.PostAsJsonAsync("/api/v1/auth/resetPassword", new { email, resetCode, newPassword });
}
