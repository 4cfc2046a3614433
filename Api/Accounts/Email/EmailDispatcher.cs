using System.Threading.Channels;

namespace MovieAspire.Api.Accounts.Email;

/// <summary>Sends what is in the outbox. A letter that cannot be sent is logged by its kind and given up: people ask again.</summary>
internal sealed class EmailDispatcher(Channel<EmailMessage> outbox, IEmailTransport transport, ILogger<EmailDispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in outbox.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await transport.SendAsync(message, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The type alone: a transport's message may quote the address.
                logger.LogError("A letter of kind {Kind} could not be sent: {Error}", message.Kind, e.GetType().Name);
            }
        }
    }
}
