using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>A connection to the mail server, made for the first email and used for those after it.</summary>
internal sealed class SmtpSession(SmtpClient client, IOptions<EmailOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    /// <exception cref="EmailRefusedException">The server does not take this email; it may take others.</exception>
    /// <exception cref="Exception">The server cannot be used, for whatever reason; the email is as good as any.</exception>
    public async Task SendAsync(OutgoingEmail email, CancellationToken cancellationToken)
    {
        if (!client.IsConnected)
        {
            await ConnectAsync(cancellationToken);
        }

        try
        {
            await client.SendAsync(ToMessage(email), cancellationToken);
        }
        catch (SmtpCommandException e)
            when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted
                && e.StatusCode is not (SmtpStatusCode.ServiceNotAvailable or SmtpStatusCode.AuthenticationRequired))
        {
            // Not its words, which repeat the address.
            throw new EmailRefusedException($"{(int)e.StatusCode} {e.ErrorCode}", (int)e.StatusCode >= 500);
        }
        catch (Exception e) when (e is NotSupportedException or ParseException)
        {
            // An address with letters beyond ASCII, and a server that cannot have those; or no address at all.
            throw new EmailRefusedException(e.GetType().Name, isPermanent: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (client.IsConnected)
        {
            using var timeout = new CancellationTokenSource(QuitTimeout);
            try
            {
                await client.DisconnectAsync(quit: true, timeout.Token);
            }
            catch (Exception)
            {
                // The emails are sent; the rest is politeness.
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var server = SmtpAddress.Parse(options.Value.ConnectionString!);
        await client.ConnectAsync(server.Host, server.Port, server.Security, cancellationToken);
        if (server.Credentials is not null)
        {
            await client.AuthenticateAsync(server.Credentials, cancellationToken);
        }
    }

    private MimeMessage ToMessage(OutgoingEmail email)
    {
        var from = EmailOptions.ParseFrom(options.Value.From)!;
        var message = new MimeMessage
        {
            Subject = email.Subject,
            Date = email.CreatedAt,
            // The same each time that this email is sent, so that who gets it twice can tell.
            MessageId = $"{email.Id}.{email.CreatedAt.UtcTicks}@{from.Domain}",
            Body = new BodyBuilder { TextBody = email.Text, HtmlBody = email.Html }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(null, email.Recipient));
        // Nobody's holiday notice answers it (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}

/// <summary>The server does not take an email. The message has no personal data.</summary>
internal sealed class EmailRefusedException(string message, bool isPermanent) : Exception(message)
{
    /// <summary>The server does not expect to take it later.</summary>
    public bool IsPermanent => isPermanent;
}
