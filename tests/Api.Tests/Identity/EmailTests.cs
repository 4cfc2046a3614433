using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class EmailTests(MailboxFixture api) : IClassFixture<MailboxFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task The_link_of_the_first_letter_confirms_the_address()
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
    public async Task A_link_that_was_tampered_with_is_refused(string query)
    {
        using var answer = await _client.GetAsync($"/api/v1/auth/confirmEmail?{query}");

        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("", "userId")]
    [InlineData("userId=1", "code")]
    [InlineData("code=MDA", "userId")]
    public async Task A_link_without_its_parts_is_refused(string query, string blamed)
    {
        using var answer = await _client.GetAsync($"/api/v1/auth/confirmEmail?{query}");

        Assert.Equal([blamed], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task The_owner_of_a_taken_address_is_told_by_letter()
    {
        var email = AccountClient.NewAddress();
        using var first = await _client.RegisterAsync(email);
        await api.ReceiveAsync(email, EmailKind.ConfirmAddress);

        using var second = await _client.RegisterAsync(email);

        await api.ReceiveAsync(email, EmailKind.AddressTaken);
        Assert.Single(api.To(email), letter => letter.Kind == EmailKind.ConfirmAddress);
    }

    [Fact]
    public async Task A_reset_code_sets_another_password_once_and_ends_every_token()
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
    public async Task Asking_for_a_password_is_answered_alike_for_everyone_and_writes_only_to_confirmed_addresses()
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
        await api.ReceiveAsync(unconfirmed, EmailKind.ConfirmAddress);
        Assert.DoesNotContain(api.To(unconfirmed), letter => letter.Kind == EmailKind.ResetPassword);
        Assert.Empty(api.To(unknown));
    }

    [Fact]
    public async Task A_new_address_counts_once_its_letter_is_confirmed()
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
    public async Task Where_letters_are_sent_an_address_can_be_required_to_be_confirmed()
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
        (await api.ReceiveAsync(address, EmailKind.ConfirmAddress)).Body.Trim().Split('\n')[^1];

    private async Task<bool> IsConfirmedAsync() =>
        (await _client.GetJsonAsync("/api/v1/auth/manage/info")).GetProperty("isEmailConfirmed").GetBoolean();

    private Task<HttpResponseMessage> ForgotAsync(string email) => _client.PostAsJsonAsync("/api/v1/auth/forgotPassword", new { email });

    private Task<HttpResponseMessage> ResetAsync(string email, string resetCode, string newPassword) =>
        _client.PostAsJsonAsync("/api/v1/auth/resetPassword", new { email, resetCode, newPassword });
}
