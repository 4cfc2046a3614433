using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Registers what writes and sends emails.</summary>
internal static class EmailExtensions
{
    private const int QueueCapacity = 1_000;

    public static void AddIdentityEmails(this IServiceCollection services)
    {
        services.AddSingleton(Channel.CreateBounded<EmailMessage>(QueueCapacity));
        services.AddSingleton<IdentityEmailSender>();
        services.AddSingleton<IEmailSender<User>>(provider => provider.GetRequiredService<IdentityEmailSender>());
        services.TryAddSingleton<IEmailTransport, LoggingEmailTransport>();
        services.AddHostedService<EmailDispatcher>();
    }
}

/// <summary>
/// Writes Identity's emails and queues them for <see cref="EmailDispatcher"/>: a request that waited for a mail server would reveal by
/// its duration whether the account exists.
/// </summary>
internal sealed class IdentityEmailSender(Channel<EmailMessage> queue, ILogger<IdentityEmailSender> logger) : IEmailSender<User>
{
    public Task SendConfirmationLinkAsync(User user, string email, string confirmationLink) => Enqueue(new(
        EmailKind.ConfirmEmail,
        email,
        "Confirm your email",
        $"Open this link to confirm your email:\n\n{Decode(confirmationLink)}\n"));

    public Task SendPasswordResetCodeAsync(User user, string email, string resetCode) => Enqueue(new(
        EmailKind.ResetPassword,
        email,
        "Reset your password",
        $"Use this code at /auth/resetPassword to set a new password:\n\n{Decode(resetCode)}\n"));

    /// <summary>Never called: Identity's endpoints send codes.</summary>
    public Task SendPasswordResetLinkAsync(User user, string email, string resetLink) => throw new NotSupportedException();

    /// <summary>Tells the owner of an email what the response to a second registration must not reveal.</summary>
    public void SendEmailTaken(string email) => Enqueue(new(
        EmailKind.EmailTaken,
        email,
        "You already have an account",
        "Somebody, perhaps you, tried to register with this email, which already has an account. "
        + "If you forgot the password, request a reset code.\n"));

    private Task Enqueue(EmailMessage message)
    {
        if (!queue.Writer.TryWrite(message))
        {
            logger.LogError("An email of kind {Kind} was dropped: the queue is full", message.Kind);
        }

        return Task.CompletedTask;
    }

    /// <summary>Identity encodes links and codes for HTML; these emails are plain text.</summary>
    private static string Decode(string encoded) => WebUtility.HtmlDecode(encoded);
}

/// <summary>Sends queued emails. A failed one is logged and dropped: users request another.</summary>
internal sealed class EmailDispatcher(Channel<EmailMessage> queue, IEmailTransport transport, ILogger<EmailDispatcher> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await transport.SendAsync(message, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The type only: a transport's message may contain the email.
                logger.LogError("An email of kind {Kind} could not be sent: {Error}", message.Kind, e.GetType().Name);
            }
        }
    }
}

/// <summary>An email as plain text.</summary>
public sealed record EmailMessage(EmailKind Kind, string To, string Subject, string Body);

/// <summary>The purpose of an email.</summary>
public enum EmailKind
{
    /// <summary>A link that confirms the email.</summary>
    ConfirmEmail,

    /// <summary>Somebody tried to register with an email that has an account.</summary>
    EmailTaken,

    /// <summary>A code for setting a new password.</summary>
    ResetPassword,
}

/// <summary>Sends emails. Register your own (SMTP, a provider's API) in place of <see cref="LoggingEmailTransport"/>.</summary>
public interface IEmailTransport
{
    Task SendAsync(EmailMessage message, CancellationToken cancellationToken);
}

/// <summary>Sends nothing and logs that. Neither the email nor the text, which contains a secret, belongs in a log.</summary>
internal sealed class LoggingEmailTransport(ILogger<LoggingEmailTransport> logger) : IEmailTransport
{
    public Task SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        logger.LogInformation("An email of kind {Kind} was not sent: no email transport is registered", message.Kind);
        return Task.CompletedTask;
    }
}
