using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Registers what writes and sends letters.</summary>
internal static class EmailExtensions
{
    private const int OutboxCapacity = 1_000;

    public static void AddAccountEmail(this IServiceCollection services)
    {
        services.AddSingleton(Channel.CreateBounded<EmailMessage>(OutboxCapacity));
        services.AddSingleton<AccountEmailSender>();
        services.AddSingleton<IEmailSender<User>>(provider => provider.GetRequiredService<AccountEmailSender>());
        services.TryAddSingleton<IEmailTransport, LoggingEmailTransport>();
        services.AddHostedService<EmailDispatcher>();
    }
}

/// <summary>
/// Writes the letters that accounts need, and leaves sending them to <see cref="EmailDispatcher"/>: a request that waited for a mail
/// server would tell by its time whether there was somebody to write to.
/// </summary>
internal sealed class AccountEmailSender(Channel<EmailMessage> outbox, ILogger<AccountEmailSender> logger) : IEmailSender<User>
{
    public Task SendConfirmationLinkAsync(User user, string email, string confirmationLink) => Post(new(
        EmailKind.ConfirmAddress, email, "Confirm your address", $"Open this address to confirm that it is yours:\n\n{Plain(confirmationLink)}\n"));

    public Task SendPasswordResetCodeAsync(User user, string email, string resetCode) => Post(new(
        EmailKind.ResetPassword, email, "Choose another password", $"With this code /auth/resetPassword takes another password:\n\n{Plain(resetCode)}\n"));

    /// <summary>Identity's endpoints send codes, not links, since there are no pages here.</summary>
    public Task SendPasswordResetLinkAsync(User user, string email, string resetLink) => throw new NotSupportedException();

    /// <summary>Tells the owner of an address what the answer must not tell whoever typed it.</summary>
    public void SendAddressTaken(string email) => Post(new(
        EmailKind.AddressTaken,
        email,
        "You have an account already",
        "Somebody, perhaps you, tried to register with this address, which has an account. If you forgot the password, ask for another.\n"));

    private Task Post(EmailMessage message)
    {
        if (!outbox.Writer.TryWrite(message))
        {
            logger.LogError("A letter of kind {Kind} is lost: too many wait to be sent", message.Kind);
        }

        return Task.CompletedTask;
    }

    /// <summary>Identity encodes links and codes for HTML.</summary>
    private static string Plain(string encoded) => WebUtility.HtmlDecode(encoded);
}

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

/// <summary>A letter to one person, as plain text.</summary>
public sealed record EmailMessage(EmailKind Kind, string To, string Subject, string Body);

/// <summary>What a letter is about.</summary>
public enum EmailKind
{
    /// <summary>A link that confirms the address.</summary>
    ConfirmAddress,

    /// <summary>Somebody tried to register with an address that has an account.</summary>
    AddressTaken,

    /// <summary>A code that allows another password.</summary>
    ResetPassword,
}

/// <summary>Carries letters away. Register one of your own (SMTP, a provider's API) in place of <see cref="LoggingEmailTransport"/>.</summary>
public interface IEmailTransport
{
    Task SendAsync(EmailMessage message, CancellationToken cancellationToken);
}

/// <summary>Sends nothing, and logs that it did not. Neither the address nor the text, which holds a secret, belongs in a log.</summary>
internal sealed class LoggingEmailTransport(ILogger<LoggingEmailTransport> logger) : IEmailTransport
{
    public Task SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        logger.LogInformation("A letter of kind {Kind} was not sent: there is no e-mail transport", message.Kind);
        return Task.CompletedTask;
    }
}
