using System.Text.Encodings.Web;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>
/// Shows queued emails, so that a developer can confirm and reset accounts without a mail server. They contain secrets of other users.
/// </summary>
internal static class EmailPage
{
    public const string Path = "/emails";

    private const int Latest = 50;

    /// <summary>Maps the page in development only.</summary>
    public static void MapEmailPage(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapGet(Path, ShowAsync).ExcludeFromDescription();
        }
    }

    private static async Task<IResult> ShowAsync(MovieDbContext db, HttpContext context, CancellationToken cancellationToken)
    {
        var emails = await db.OutgoingEmails.AsNoTracking()
            .OrderByDescending(email => email.Id).Take(Latest).ToListAsync(cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><title>Emails</title>
            <style>
            body { font-family: sans-serif; max-width: 50rem; margin: auto; overflow-wrap: anywhere }
            iframe { width: 100%; height: 14rem }
            pre { white-space: pre-wrap }
            </style>
            </head>
            <body>
            <h1>Emails that wait</h1>
            <p>The latest {{Latest}}. One that a mail server has taken is no longer here.</p>
            {{string.Concat(emails.Select(Show))}}
            </body>
            </html>

            """,
            "text/html; charset=utf-8");
    }

    // The frame runs no scripts, and its links open outside of it.
    private static string Show(OutgoingEmail email) =>
        $"""
        <hr>
        <p>{email.CreatedAt:u} to <b>{Encode(email.Recipient)}</b>: <b>{Encode(email.Subject)}</b>{Encode(Attempts(email))}</p>
        <iframe sandbox="allow-popups" srcdoc="{Encode($"<base target=_blank>{email.Html}")}"></iframe>
        <details><summary>Plain text</summary><pre>{Encode(email.Text)}</pre></details>

        """;

    private static string Attempts(OutgoingEmail email) =>
        email.LastError is null ? "" : $" (attempt {email.Attempts}: {email.LastError}; again at {email.NextAttemptAt:u})";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
