using System.Text.Encodings.Web;

namespace MovieAspire.Api.Emails;

/// <summary>The content of an email, as plain text and as HTML.</summary>
internal sealed record EmailContent(string Subject, string Text, string Html);

/// <summary>The texts of all emails. A link or code is the last line of the plain text.</summary>
internal static class EmailTemplates
{
    // Must match the lifetime of Identity's tokens (DataProtectionTokenProviderOptions.TokenLifespan).
    private const string Lifetime = "It is valid for a day.";
    private const string Ignore = "If it was not you, ignore this email.";

    public static EmailContent ConfirmEmail(Uri link) => Make(
        "Confirm your email",
        $"Somebody, hopefully you, gave this email as theirs. {Ignore}",
        $"Open this link to confirm it. {Lifetime}",
        link.AbsoluteUri,
        encoded => $"""<a href="{encoded}">{encoded}</a>""");

    public static EmailContent ResetPassword(string code) => Make(
        "Reset your password",
        $"Somebody, hopefully you, wants a new password for the account of this email. {Ignore}",
        $"This code sets the new password. {Lifetime}",
        code,
        encoded => $"<code>{encoded}</code>");

    /// <summary>Sent instead of an error in the response, which would reveal the account.</summary>
    public static EmailContent EmailTaken() => Make(
        "You already have an account",
        $"Somebody, perhaps you, tried to register with this email, which already has an account. {Ignore}",
        "If you forgot the password, request a reset code.");

    public static EmailContent PasswordChanged() => Notice("Your password was changed", "All sessions of your account have ended.");

    /// <summary>Goes to the old email.</summary>
    public static EmailContent EmailChanged() => Notice(
        "Your account has another email", "This email no longer belongs to your account, and all its sessions have ended.");

    public static EmailContent SecondFactorOn() => Notice(
        "Your second factor was turned on", "From now on a login asks for a code of the authenticator app, too.");

    public static EmailContent SecondFactorOff() => Notice(
        "Your second factor was turned off", "From now on the password is enough to log in to your account.");

    public static EmailContent RecoveryCodesReplaced() => Notice(
        "Your recovery codes were replaced", "The earlier ones no longer work.");

    public static EmailContent RecoveryCodeUsed() => Notice(
        "A recovery code was used", "Somebody logged in to your account with one of your recovery codes. Each works once.");

    private static EmailContent Notice(string subject, string what) => Make(
        subject,
        what,
        "If this was you, there is nothing to do. If not, request a reset code for the password at once. "
        + "Where that does not reach you, tell those who run the site: they can lock the account.");

    /// <param name="subject">The subject, in HTML also the title.</param>
    /// <param name="why">Why the user gets the email.</param>
    /// <param name="what">What to do.</param>
    /// <param name="secret">The link or code to do it with.</param>
    /// <param name="toHtml">Renders the encoded link or code as HTML.</param>
    private static EmailContent Make(
        string subject, string why, string what, string? secret = null, Func<string, string>? toHtml = null) => new(
        subject,
        string.Join("\n\n", [why, what, .. secret is null ? Array.Empty<string>() : [secret]]) + "\n",
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{Encode(subject)}</title></head>
        <body style="font-family: sans-serif; line-height: 1.5; overflow-wrap: anywhere">
        <p>{Encode(why)}</p>
        <p>{Encode(what)}</p>{(secret is null ? "" : $"\n<p>{toHtml!(Encode(secret))}</p>")}
        </body>
        </html>

        """);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
