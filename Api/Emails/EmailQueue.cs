using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>
/// Writes emails to <c>outgoing_emails</c>, from where <see cref="EmailDispatcher"/> sends them. If a request sent the email itself, its
/// duration would reveal whether the account exists; an email queued in memory would be lost with the process.
/// </summary>
internal sealed class EmailQueue(
    IServiceScopeFactory scopes,
    EmailSignal signal,
    IHttpContextAccessor http,
    IOptions<EmailOptions> options,
    IOptions<RateLimitOptions> limits,
    ILogger<EmailQueue> logger) : IEmailSender<User>, IDisposable
{
    private static readonly object HasWritten = new();

    /// <summary>
    /// Anybody may have an email sent to anybody: not more than a few of a kind, from whatever address they are asked for. An earlier one
    /// does what the next would do.
    /// </summary>
    private readonly PartitionedRateLimiter<EmailKind> _limiter = PartitionedRateLimiter.Create<EmailKind, EmailKind>(
        kind => RateLimitPartition.GetFixedWindowLimiter(kind, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = limits.Value.Emails,
            Window = RateLimitOptions.EmailWindow,
        }));

    public Task SendConfirmationLinkAsync(User user, string email, string confirmationLink) =>
        WriteAsync(user, email, EmailTemplates.ConfirmEmail(Publish(new Uri(Decode(confirmationLink)))));

    public Task SendPasswordResetCodeAsync(User user, string email, string resetCode) =>
        WriteAsync(user, email, EmailTemplates.ResetPassword(Decode(resetCode)));

    /// <summary>Never called: Identity's endpoints send codes.</summary>
    public Task SendPasswordResetLinkAsync(User user, string email, string resetLink) => throw new NotSupportedException();

    /// <summary>Tells the owner of an email that somebody tried to register it again, which the response must not reveal.</summary>
    public async Task SendEmailTakenAsync(string email)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        // Takes the place of the insert of a new account, so that both cases take equally long.
        await WriteNothingAsync(db);
        await WriteAsync(db, email, EmailTemplates.EmailTaken(), isOwn: true);
    }

    /// <summary>Tells the owner of an account what has happened to it, in the transaction in which it happens.</summary>
    public async Task WriteNoticeAsync(MovieDbContext db, string recipient, EmailContent content, CancellationToken cancellationToken)
    {
        // SQL: where the transaction is repeated, the context would still have the row of the first attempt.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO outgoing_emails (recipient, subject, text, html, attempts)
            VALUES ({recipient}, {content.Subject}, {content.Text}, {content.Html}, 0)
            """,
            cancellationToken);
        signal.Set();
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>Takes as long as writing an email, if this request has not written one.</summary>
    public async Task WriteNothingUnlessWrittenAsync()
    {
        if (http.HttpContext?.Items.ContainsKey(HasWritten) != true)
        {
            await using var scope = scopes.CreateAsyncScope();
            await WriteNothingAsync(scope.ServiceProvider.GetRequiredService<MovieDbContext>());
        }
    }

    /// <summary>Inserts and deletes a row in one transaction, which nobody sees. SQL, because EF Core would need two round trips.</summary>
    private static Task<int> WriteNothingAsync(MovieDbContext db) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO outgoing_emails (recipient, subject, text, html, attempts)
        VALUES ('nobody', 'nothing', repeat('-', 500), repeat('-', 1000), 0);
        DELETE FROM outgoing_emails WHERE id = lastval()
        """);

    private async Task WriteAsync(User user, string email, EmailContent content)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Identity treats spellings as equal that may belong to different mailboxes, so send to the account's own spelling. An email that
        // is not equal is the new one that the user is changing to.
        var normalizer = scope.ServiceProvider.GetRequiredService<ILookupNormalizer>();
        var isOwn = normalizer.NormalizeEmail(email) == user.NormalizedEmail;
        await WriteAsync(scope.ServiceProvider.GetRequiredService<MovieDbContext>(), isOwn ? user.Email! : email, content, isOwn);
    }

    private async Task WriteAsync(MovieDbContext db, string recipient, EmailContent content, bool isOwn)
    {
        http.HttpContext?.Items[HasWritten] = true;
        using var permit = _limiter.AttemptAcquire(new(content.Subject, MailboxOf(recipient), isOwn));
        if (!permit.IsAcquired)
        {
            logger.LogInformation("No email '{Subject}' is sent: its mailbox got as many as it may within an hour", content.Subject);
            await WriteNothingAsync(db);
            return;
        }

        db.OutgoingEmails.Add(new OutgoingEmail
        {
            Recipient = recipient,
            Subject = content.Subject,
            Text = content.Text,
            Html = content.Html,
        });
        await db.SaveChangesAsync();
        signal.Set();
    }

    /// <summary>Many servers deliver <c>ann+anything@example.com</c> to <c>ann@example.com</c>.</summary>
    private static string MailboxOf(string address)
    {
        var (at, plus) = (address.LastIndexOf('@'), address.IndexOf('+'));
        return (plus > 0 && plus < at ? address.Remove(plus, at - plus) : address).ToUpperInvariant();
    }

    private Uri Publish(Uri link) =>
        EmailOptions.ParsePublicUrl(options.Value.PublicUrl) is { } publicUrl
            ? new(publicUrl.AbsoluteUri.TrimEnd('/') + link.PathAndQuery)
            : link;

    /// <summary>Identity encodes links and codes for HTML.</summary>
    private static string Decode(string encoded) => WebUtility.HtmlDecode(encoded);

    /// <param name="Subject">What the email is about.</param>
    /// <param name="Mailbox">Where it arrives.</param>
    /// <param name="IsOwn">Whether an account has the address. Otherwise somebody wants to change to it, and may not use up its owner's.</param>
    private sealed record EmailKind(string Subject, string Mailbox, bool IsOwn);
}

/// <summary>Wakes the dispatcher of this process, so that an email does not wait for the next poll.</summary>
internal sealed class EmailSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            _semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already set.
        }
    }

    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _semaphore.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _semaphore.Dispose();
}

/// <summary>Queued emails to a user: those to the account's address, in any spelling.</summary>
internal static class EmailsOfUser
{
    // A sequential scan is fine: the table holds only unsent emails.
    public static IQueryable<OutgoingEmail> EmailsTo(this MovieDbContext db, long userId) => db.OutgoingEmails.FromSql(
        $"""
        SELECT email.* FROM outgoing_emails email JOIN users ON users.normalized_email = upper(email.recipient) WHERE users.id = {userId}
        """);

    /// <summary>Deletes them, except for one that is being sent: deleting it would have to wait for the mail server.</summary>
    public static Task DeleteEmailsToAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM outgoing_emails WHERE id IN (
                SELECT email.id FROM outgoing_emails email JOIN users ON users.normalized_email = upper(email.recipient)
                WHERE users.id = {userId} FOR UPDATE OF email SKIP LOCKED)
            """,
            cancellationToken);
}
