using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>The API with a transport that keeps its letters, plugged in as an application would plug in its own.</summary>
public sealed class MailboxFixture : ApiFixture, IEmailTransport
{
    private readonly ConcurrentQueue<EmailMessage> _letters = new();

    public IEnumerable<EmailMessage> To(string address) => _letters.Where(letter => letter.To == address);

    /// <summary>Waits for a letter.</summary>
    public async Task<EmailMessage> ReceiveAsync(string address, EmailKind kind)
    {
        await Eventually.HoldsAsync(() => To(address).Any(letter => letter.Kind == kind), $"a letter {kind} has come");
        return To(address).Last(letter => letter.Kind == kind);
    }

    public Task SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        _letters.Enqueue(message);
        return Task.CompletedTask;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IEmailTransport>(this));
    }
}
