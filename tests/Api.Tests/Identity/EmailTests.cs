using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;
using Npgsql;

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

        using var second = await _client.RegisterAsync(email);

        Assert.Equal([MailboxFixture.Confirm, MailboxFixture.Taken], await api.SubjectsToAsync(email));
    }

    [Fact]
    public async Task Reset_code_sets_a_new_password_once_and_invalidates_all_tokens()
    {
        var email = AccountClient.NewAddress();
        var tokens = await _client.BecomeAsync(email);
        using var confirmed = await _client.GetAsync(await LinkAsync(email));
        using var asked = await ForgotAsync(email);
        var code = await api.SecretToAsync(email, MailboxFixture.Reset);

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
        Assert.Equal([MailboxFixture.Confirm], await api.SubjectsToAsync(unconfirmed));
        Assert.Empty(await api.SubjectsToAsync(unknown));
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

    [Theory]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com\u0085")]
    [InlineData("a\u0001@example.com")]
    [InlineData("<a@example.com>")]
    [InlineData("mi\u212ae@example.com")]
    [InlineData(null)]
    public async Task New_email_that_is_none_is_400_and_gets_no_email(string? newEmail)
    {
        await _client.BecomeAsync(AccountClient.NewAddress());
        newEmail ??= $"{new string('a', 300)}@example.com";

        using var answer = await _client.PostAsJsonAsync("/api/v1/auth/manage/info", new { newEmail });

        Assert.Equal(["newEmail"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.Empty(await api.SubjectsToAsync(newEmail));
    }

    [Theory]
    [InlineData("forgotPassword", MailboxFixture.Reset)]
    [InlineData("resendConfirmationEmail", MailboxFixture.Confirm)]
    public async Task Email_goes_to_the_address_of_the_account_not_to_one_that_looks_alike(string path, string subject)
    {
        var id = $"{Guid.NewGuid():N}";
        var (email, alike) = ($"k-{id}@example.com", $"\u212A-{id}@example.com");
        await _client.BecomeAsync(email);
        using var confirmed = await _client.GetAsync(await LinkAsync(email));

        using var asked = await _client.PostAsJsonAsync($"/api/v1/auth/{path}", new { email = alike });

        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal([MailboxFixture.Confirm, subject], await api.SubjectsToAsync(email));
        Assert.Empty(await api.SubjectsToAsync(alike));
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

    [Fact]
    public async Task Emails_that_wait_are_in_the_export_and_go_with_the_account()
    {
        var (email, other) = (AccountClient.NewAddress(), AccountClient.NewAddress());
        await _client.BecomeAsync(email);
        using var taken = await _client.RegisterAsync(email.ToUpperInvariant());
        using var others = await _client.RegisterAsync(other);
        await api.ExecuteAsync($"UPDATE outgoing_emails SET attempts = 7 WHERE recipient = {email}");

        var export = await _client.GetJsonAsync("/api/v1/me/export");
        await using var sending = new NpgsqlConnection(api.ConnectionString);
        await sending.OpenAsync();
        await using var transaction = await sending.BeginTransactionAsync();
        await sending.ExecuteAsync("SELECT FROM outgoing_emails WHERE attempts = 7 FOR UPDATE");
        using var deleted = await _client.DeleteAsync("/api/v1/me");

        Assert.Equal(
            [(email, MailboxFixture.Confirm), (email.ToUpperInvariant(), MailboxFixture.Taken)],
            export.GetProperty("waitingEmails").EnumerateArray()
                .Select(waiting => (waiting.GetProperty("recipient").GetString(), waiting.GetProperty("subject").GetString())));
        Assert.DoesNotContain("confirmEmail", export.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        // One that is being sent is not waited for.
        Assert.Equal([MailboxFixture.Confirm], await api.SubjectsToAsync(email));
        Assert.Empty(await api.SubjectsToAsync(email.ToUpperInvariant()));
        Assert.Equal([MailboxFixture.Confirm], await api.SubjectsToAsync(other));
    }

    private Task<string> LinkAsync(string address) => api.SecretToAsync(address, MailboxFixture.Confirm);

    private async Task<bool> IsConfirmedAsync() =>
        (await _client.GetJsonAsync("/api/v1/auth/manage/info")).GetProperty("isEmailConfirmed").GetBoolean();

    private Task<HttpResponseMessage> ForgotAsync(string email) => _client.PostAsJsonAsync("/api/v1/auth/forgotPassword", new { email });

    private Task<HttpResponseMessage> ResetAsync(string email, string resetCode, string newPassword) =>
        _client.PostAsJsonAsync("/api/v1/auth/resetPassword", new { email, resetCode, newPassword });
}
