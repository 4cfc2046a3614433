using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>The API with a transport that keeps its emails, plugged in as an application would plug in its own.</summary>
public sealed class MailboxFixture : ApiFixture, IEmailTransport
{
    private readonly ConcurrentQueue<EmailMessage> _emails = new();

    public IEnumerable<EmailMessage> To(string address) => _emails.Where(email => email.To == address);

    /// <summary>Waits for a email.</summary>
    public async Task<EmailMessage> ReceiveAsync(string address, EmailKind kind)
    {
        await Eventually.HoldsAsync(() => To(address).Any(email => email.Kind == kind), $"a email {kind} has come");
        return To(address).Last(email => email.Kind == kind);
    }

    public Task SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        _emails.Enqueue(message);
        return Task.CompletedTask;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IEmailTransport>(this));
    }
}
