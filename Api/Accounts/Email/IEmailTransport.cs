namespace MovieAspire.Api.Accounts.Email;

/// <summary>Carries letters away. Register one of your own (SMTP, a provider's API) in place of <see cref="LoggingEmailTransport"/>.</summary>
public interface IEmailTransport
{
    Task SendAsync(EmailMessage message, CancellationToken cancellationToken);
}
