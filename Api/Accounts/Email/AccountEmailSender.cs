using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Accounts.Email;

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
