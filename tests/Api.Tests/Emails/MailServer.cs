using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using MovieAspire.Testing;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace MovieAspire.Api.Tests.Emails;

/// <summary>A mail server in the test's process.</summary>
internal sealed class MailServer : IMailboxFilter, IMessageStore, IAsyncDisposable
{
    public const string User = "movies@example.org";
    public const string Password = "p@ss:w/ord;1";

    private readonly ConcurrentQueue<MimeMessage> _messages = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public int Port { get; } = FreePort.Find();

    /// <summary>The accepted messages in order.</summary>
    public IReadOnlyCollection<MimeMessage> Messages => _messages;

    /// <summary>Refuses a recipient.</summary>
    public Func<string, SmtpResponse?> Refuse { get; set; } = _ => null;

    /// <summary>Runs before a message is accepted.</summary>
    public Func<MimeMessage, Task> BeforeTaking { get; set; } = _ => Task.CompletedTask;

    /// <summary>The number of connections with a login.</summary>
    public int Logins { get; private set; }

    /// <summary>Creates a server that does not listen yet.</summary>
    public static MailServer Create() => new();

    /// <param name="certificate">Turns on STARTTLS, and requires a login.</param>
    public void Listen(X509Certificate2? certificate = null)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.test").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port));
            if (certificate is not null)
            {
                endpoint.Certificate(certificate).AuthenticationRequired();
            }
        });
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMailboxFilter)this);
        services.Add((IMessageStore)this);
        services.Add(new DelegatingUserAuthenticator((user, password) =>
        {
            Logins++;
            return (user, password) == (User, Password);
        }));
        _running = new SmtpServer.SmtpServer(options.Build(), services).StartAsync(_stop.Token);
    }

    public IEnumerable<MimeMessage> To(string address) =>
        _messages.Where(message => message.To.Mailboxes.Single().Address == address);

    /// <summary>Waits for the only message to an address.</summary>
    public async Task<MimeMessage> ReceiveAsync(string address)
    {
        await Eventually.HoldsAsync(() => To(address).Any(), "an email has come");
        return Assert.Single(To(address));
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        Refuse(to.AsAddress()) is { } response ? throw new SmtpResponseException(response) : Task.FromResult(true);

    public async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        var message = await MimeMessage.LoadAsync(stream, cancellationToken);
        await BeforeTaking(message).WaitAsync(_stop.Token);
        _messages.Enqueue(message);
        return SmtpResponse.Ok;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
