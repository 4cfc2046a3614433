using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>The API with an email transport that stores emails, registered as an application registers its own.</summary>
public sealed class MailboxFixture : ApiFixture, IEmailTransport
{
    private readonly ConcurrentQueue<EmailMessage> _emails = new();

    public IEnumerable<EmailMessage> To(string address) => _emails.Where(message => message.To == address);

    /// <summary>Waits for an email.</summary>
    public async Task<EmailMessage> ReceiveAsync(string address, EmailKind kind)
    {
        await Eventually.HoldsAsync(() => To(address).Any(message => message.Kind == kind), $"an email {kind} has come");
        return To(address).Last(message => message.Kind == kind);
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
