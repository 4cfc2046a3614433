using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>A connection to the mail server, opened for the first email and reused for the next ones.</summary>
internal sealed class SmtpSession(SmtpClient client, IOptions<EmailOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    /// <exception cref="EmailRefusedException">The server refuses this email, but may accept others.</exception>
    /// <exception cref="Exception">The server cannot be used. The email is not the reason.</exception>
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
            // Without the server's text, which repeats the address.
            throw new EmailRefusedException($"{(int)e.StatusCode} {e.ErrorCode}", (int)e.StatusCode >= 500);
        }
        catch (Exception e) when (e is NotSupportedException or ParseException)
        {
            // The address is invalid, or has characters beyond ASCII that the server does not support.
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
                // All emails are sent; a failed QUIT does not matter.
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
            // The same for each attempt, so that a recipient who gets the email twice can tell.
            MessageId = $"{email.Id}.{email.CreatedAt.UtcTicks}@{from.Domain}",
            Body = new BodyBuilder { TextBody = email.Text, HtmlBody = email.Html }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(null, email.Recipient));
        // Suppresses automatic replies, such as vacation notices (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}

/// <summary>The server refuses an email. The message contains no personal data.</summary>
internal sealed class EmailRefusedException(string message, bool isPermanent) : Exception(message)
{
    /// <summary>Whether the server says that it will refuse the email later, too (SMTP 5xx).</summary>
    public bool IsPermanent => isPermanent;
}
