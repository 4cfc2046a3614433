namespace MovieAspire.Api.Accounts.Email;

/// <summary>Sends nothing, and logs that it did not. Neither the address nor the text, which holds a secret, belongs in a log.</summary>
internal sealed class LoggingEmailTransport(ILogger<LoggingEmailTransport> logger) : IEmailTransport
{
    public Task SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        logger.LogInformation("A letter of kind {Kind} was not sent: there is no e-mail transport", message.Kind);
        return Task.CompletedTask;
    }
}
