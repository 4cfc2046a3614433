using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MimeKit;
using MovieAspire.Api.Emails;
using MovieAspire.Api.Tests.Identity;
using MovieAspire.Testing;
using SmtpServer.Protocol;

namespace MovieAspire.Api.Tests.Emails;

/// <summary>Emails on their way from a request to a mail server, whatever fails in between.</summary>
public sealed class EmailSendingTests : IAsyncLifetime
{
    private readonly List<SendingApi> _replicas = [];
    private readonly string _address = AccountClient.NewAddress();
    private readonly MailServer _server = MailServer.Create();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Confirmation_arrives_as_text_and_as_HTML()
    {
        _server.Listen();
        var api = StartApi();
        using var client = api.CreateClient();
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);

        await SucceedAsync(client.RegisterAsync(_address));

        var message = await _server.ReceiveAsync(_address);
        Assert.Equal("Movies <movies@example.org>", $"{message.From}".Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal(MailboxFixture.Confirm, message.Subject);
        Assert.InRange(message.Date, before, DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.EndsWith("@example.org", message.MessageId, StringComparison.Ordinal);
        Assert.Equal("auto-generated", message.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(
            ["text/plain", "text/html"],
            Assert.IsType<MultipartAlternative>(message.Body).Select(part => part.ContentType.MimeType));
        var link = message.TextBody!.Trim().Split('\n')[^1];
        Assert.StartsWith("https://movies.example.org/site/api/v1/auth/confirmEmail?userId=", link, StringComparison.Ordinal);
        var href = link.Replace("&", "&amp;", StringComparison.Ordinal);
        Assert.Contains($"""<a href="{href}">""", message.HtmlBody, StringComparison.Ordinal);
        await WaitForEmptyQueueAsync();
        await SucceedAsync(client.GetAsync(new Uri(link).PathAndQuery["/site".Length..]));
    }

    [Fact]
    public async Task Reset_code_arrives_in_both_parts_and_in_no_log()
    {
        _server.Listen();
        var api = StartApi();
        using var client = api.CreateClient();
        await SucceedAsync(client.RegisterAsync(_address));
        await api.ExecuteAsync($"UPDATE users SET email_confirmed = true");

        await SucceedAsync(client.PostAsJsonAsync("/api/v1/auth/forgotPassword", new { email = _address }));

        await Eventually.HoldsAsync(() => _server.To(_address).Count() == 2, "both emails have come");
        var message = Assert.Single(_server.To(_address), message => message.Subject == MailboxFixture.Reset);
        var code = message.TextBody!.Trim().Split('\n')[^1];
        Assert.Contains($"<code>{code}</code>", message.HtmlBody, StringComparison.Ordinal);
        await SucceedAsync(client.PostAsJsonAsync(
            "/api/v1/auth/resetPassword", new { email = _address, resetCode = code, newPassword = "staple battery horse correct" }));
        await WaitForEmptyQueueAsync();
        Assert.Contains(api.LogRecords, record => record.Text.Contains("was sent", StringComparison.Ordinal));
        AssertNothingPersonalIsLogged(api);
        Assert.DoesNotContain(api.LogRecords, record => record.Text.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Email_waits_for_a_server_that_is_down()
    {
        var api = StartApi();
        using var client = api.CreateClient();

        await SucceedAsync(client.RegisterAsync(_address));

        await Eventually.HoldsAsync(async () => await LastErrorAsync() == "SocketException ConnectionRefused", "an attempt has failed");
        _server.Listen();
        await _server.ReceiveAsync(_address);
        await WaitForEmptyQueueAsync();
        // One line for all attempts.
        Assert.Single(Warnings(api), text => text.Contains("Emails wait", StringComparison.Ordinal));
        AssertNothingPersonalIsLogged(api);
    }

    [Fact]
    public async Task Refused_recipient_is_tried_again_later_and_holds_up_no_other()
    {
        _server.Refuse = to => to == _address ? new SmtpResponse(SmtpReplyCode.MailboxUnavailable, $"<{to}> is unknown") : null;
        _server.Listen();
        await WriteAsync(_address);
        var other = AccountClient.NewAddress();
        await WriteAsync(other);
        var api = StartApi();

        await _server.ReceiveAsync(other);
        Assert.Equal("550 RecipientNotAccepted", await LastErrorAsync());
        Assert.True(await ScalarAsync<bool>(
            "SELECT attempts = 1 AND next_attempt_at - now() BETWEEN interval '30 s' AND interval '60 s' FROM outgoing_emails "
            + "WHERE last_error IS NOT NULL"));
        Assert.Single(Warnings(api), text => text.Contains("was refused, attempt 1", StringComparison.Ordinal));
        AssertNothingPersonalIsLogged(api);

        _server.Refuse = _ => null;
        await ExecuteAsync("UPDATE outgoing_emails SET next_attempt_at = now()");
        await _server.ReceiveAsync(_address);
    }

    [Theory]
    [InlineData(SmtpReplyCode.MailboxUnavailable, true)]
    [InlineData(SmtpReplyCode.MailboxNameNotAllowed, true)]
    [InlineData(SmtpReplyCode.InsufficientStorage, false)]
    [InlineData(SmtpReplyCode.AuthenticationRequired, false)]
    [InlineData(SmtpReplyCode.ServiceUnavailable, false)]
    public async Task Email_is_given_up_only_where_the_server_refuses_it_for_good(SmtpReplyCode code, bool isGivenUp)
    {
        _server.Refuse = to => new SmtpResponse(code, $"<{to}> is refused");
        _server.Listen();
        await WriteAsync(_address);
        await ExecuteAsync($"UPDATE outgoing_emails SET attempts = {EmailDispatcher.MaxAttempts - 1}");
        var api = StartApi();

        if (isGivenUp)
        {
            await WaitForEmptyQueueAsync();
            Assert.Single(Warnings(api), text => text.Contains("given up", StringComparison.Ordinal));
        }
        else
        {
            await Eventually.HoldsAsync(async () => await LastErrorAsync() is not null, "the refusal is recorded");
        }

        AssertNothingPersonalIsLogged(api);
    }

    [Fact]
    public async Task Recipient_that_is_no_address_holds_up_no_other()
    {
        _server.Listen();
        foreach (var recipient in new[]
        {
            "no address at all", "two@example.com, three@example.com", "j\u00f6rg@example.com\r\nBcc: all@example.com", _address,
        })
        {
            await WriteAsync(recipient);
        }

        StartApi();

        await _server.ReceiveAsync(_address);

        Assert.Equal(3, await ScalarAsync<long>("SELECT count(*) FROM outgoing_emails WHERE last_error = 'ParseException'"));
        Assert.Single(_server.Messages);
    }

    [Fact]
    public async Task Replicas_send_each_email_once()
    {
        var addresses = Enumerable.Range(0, 40).Select(_ => AccountClient.NewAddress()).ToList();
        foreach (var address in addresses)
        {
            await WriteAsync(address);
        }

        // The first message of each replica waits for the other's.
        var (sending, bothSend) = (0, new TaskCompletionSource());
        _server.BeforeTaking = _ =>
        {
            if (Interlocked.Increment(ref sending) == 2)
            {
                bothSend.SetResult();
            }

            return bothSend.Task;
        };
        _server.Listen();

        StartApi();
        StartApi();

        await WaitForEmptyQueueAsync();
        Assert.Equal(
            addresses.Order(StringComparer.Ordinal),
            _server.Messages.Select(message => message.To.Mailboxes.Single().Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Email_whose_sender_dies_after_the_server_took_it_comes_again_with_the_same_id()
    {
        var died = 0;
        _server.BeforeTaking = async _ =>
        {
            if (Interlocked.Exchange(ref died, 1) == 0)
            {
                // To the database this is what the death of the API is.
                await ScalarAsync<bool>(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'idle in transaction'
                    """);
            }
        };
        _server.Listen();
        await WriteAsync(_address);
        var api = StartApi();

        await WaitForEmptyQueueAsync();

        Assert.Equal(2, _server.Messages.Count);
        Assert.Single(_server.Messages.Select(message => (message.MessageId, message.Date)).Distinct());
        Assert.DoesNotContain(api.LogRecords, record => record.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Stopping_finishes_the_email_in_hand_and_keeps_the_others()
    {
        var (taking, mayTake) = (new TaskCompletionSource(), new TaskCompletionSource());
        _server.BeforeTaking = _ =>
        {
            taking.TrySetResult();
            return mayTake.Task;
        };
        _server.Listen();
        await WriteAsync(_address);
        await WriteAsync(AccountClient.NewAddress());
        var api = StartApi();
        await taking.Task;

        // Tells the dispatcher to stop before it returns.
        var stopped = api.Services.GetServices<IHostedService>().OfType<EmailDispatcher>().Single().StopAsync(CancellationToken.None);
        mayTake.SetResult();
        await stopped;

        await _server.ReceiveAsync(_address);
        Assert.Single(_server.Messages);
        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM outgoing_emails WHERE attempts = 0"));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM outgoing_emails WHERE attempts > 0"));
    }

    [Fact]
    public async Task Requests_do_not_wait_for_the_server()
    {
        var mayTake = new TaskCompletionSource();
        _server.BeforeTaking = _ => mayTake.Task;
        _server.Listen();
        using var client = StartApi().CreateClient();

        await SucceedAsync(client.RegisterAsync(AccountClient.NewAddress()));
        await SucceedAsync(client.RegisterAsync(_address));
        await SucceedAsync(client.PostAsJsonAsync("/api/v1/auth/resendConfirmationEmail", new { email = _address }));

        Assert.Empty(_server.Messages);
        mayTake.SetResult();
        await WaitForEmptyQueueAsync();
        Assert.Equal(3, _server.Messages.Count);
    }

    [Fact]
    public async Task Emails_wait_for_a_database_that_is_down()
    {
        _server.Listen();
        var api = StartApi();

        await PostgresServer.ExecuteAsync($"ALTER DATABASE \"{_database.Name}\" ALLOW_CONNECTIONS false");
        await PostgresServer.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database.Name}'");
        await Eventually.HoldsAsync(
            () => Warnings(api).Any(text => text.Contains("Emails wait", StringComparison.Ordinal)), "a look has failed");
        await PostgresServer.ExecuteAsync($"ALTER DATABASE \"{_database.Name}\" ALLOW_CONNECTIONS true");
        await WriteAsync(_address);

        await _server.ReceiveAsync(_address);
        Assert.DoesNotContain(api.LogRecords, record => record.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Without_a_server_emails_wait_and_one_warning_says_so()
    {
        var api = StartApi("");
        using var client = api.CreateClient();

        await SucceedAsync(client.RegisterAsync(_address));

        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM outgoing_emails WHERE attempts = 0"));
        Assert.Single(Warnings(api), text => text.Contains("mail server", StringComparison.Ordinal));
        AssertNothingPersonalIsLogged(api);
    }

    [Fact]
    public void HTML_of_a_template_is_encoded()
    {
        var content = EmailTemplates.ResetPassword("<b>&\"");

        Assert.EndsWith("\n<b>&\"\n", content.Text, StringComparison.Ordinal);
        Assert.Contains("<code>&lt;b&gt;&amp;&quot;</code>", content.Html, StringComparison.Ordinal);
    }

    private static async Task SucceedAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Warnings(SendingApi api) =>
        api.LogRecords.Where(record => record.Level == LogLevel.Warning).Select(record => record.Text);

    private SendingApi StartApi(string? server = null)
    {
        var api = new SendingApi(_database.ConnectionString, server ?? $"smtp://127.0.0.1:{_server.Port}");
        _replicas.Add(api);
        api.StartServer();
        return api;
    }

    private Task WriteAsync(string recipient) => ExecuteAsync(
        "INSERT INTO outgoing_emails (recipient, subject, text, html, attempts) VALUES ($1, 'Subject', 'Text', '<p>HTML</p>', 0)",
        recipient);

    private Task<string?> LastErrorAsync() => ScalarAsync<string>("SELECT max(last_error) FROM outgoing_emails");

    private Task ExecuteAsync(string sql, params object[] parameters) => Sql.ExecuteAsync(_database.ConnectionString, sql, parameters);

    private Task<T?> ScalarAsync<T>(string sql) => Sql.ScalarAsync<T>(_database.ConnectionString, sql);

    private Task WaitForEmptyQueueAsync() => Eventually.HoldsAsync(
        async () => await ScalarAsync<long>("SELECT count(*) FROM outgoing_emails") == 0, "the queue is empty");

    private void AssertNothingPersonalIsLogged(SendingApi api) =>
        Assert.DoesNotContain(api.LogRecords, record => record.Text.Contains(_address.Split('@')[0], StringComparison.OrdinalIgnoreCase));
}
