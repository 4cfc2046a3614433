using System.Net.Sockets;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using Npgsql;
using OpenTelemetry;

namespace MovieAspire.Api.Emails;

/// <summary>
/// Sends the emails that are due in <c>outgoing_emails</c>. Replicas share the work: an email's row is locked while it is sent, and deleted
/// in the same transaction. No email is lost, and one is sent twice only if that commit fails.
/// </summary>
internal sealed class EmailDispatcher(
    IServiceScopeFactory scopes,
    EmailSignal signal,
    IOptions<EmailOptions> options,
    IHostEnvironment environment,
    ILogger<EmailDispatcher> logger) : BackgroundService
{
    /// <summary>Attempts before an email that the server refuses permanently is dropped: about two days.</summary>
    internal const int MaxAttempts = 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>Limit for one email, connecting included.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Time to finish the email that is being sent when the API stops. Container engines kill after 10 s.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasServer)
        {
            LogMissingServer();
            return;
        }

        // Not traced: a poll every few seconds would bury the traces of requests.
        using var untraced = SuppressInstrumentationScope.Begin();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SendDueAsync(stoppingToken) > 0 && failures > 0)
                {
                    logger.LogInformation("Emails are sent again");
                }

                failures = 0;
                await signal.WaitAsync(PollInterval, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (failures++ == 0)
                {
                    logger.LogWarning("Emails wait, and none is lost, since sending fails: {Error}", ErrorOf(e));
                }

                await Task.Delay(ServerBackOff(failures), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>From one second to one minute, because every email waits for the server.</summary>
    private static TimeSpan ServerBackOff(int failures) => BackOff(failures, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>From one minute to four hours: an email that the server refuses now is rarely accepted soon.</summary>
    private static TimeSpan EmailBackOff(int attempts) => BackOff(attempts, TimeSpan.FromMinutes(1), TimeSpan.FromHours(4));

    private static TimeSpan BackOff(int failures, TimeSpan first, TimeSpan longest) =>
        TimeSpan.FromSeconds(Math.Min(first.TotalSeconds * Math.Pow(2, failures - 1), longest.TotalSeconds));

    /// <summary>Describes an error without the server's text, which may contain an address.</summary>
    private static string ErrorOf(Exception e) => e switch
    {
        EmailRefusedException refused => refused.Message,
        SmtpCommandException command => $"{(int)command.StatusCode} {command.ErrorCode}",
        PostgresException database => $"{nameof(PostgresException)} {database.SqlState}",
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        { InnerException: { } inner } and (DbUpdateException or InvalidOperationException) => ErrorOf(inner),
        _ => e.GetType().Name,
    };

    private void LogMissingServer()
    {
        if (environment.IsDevelopment())
        {
            logger.LogInformation("No email is sent: read them at {Path}", EmailPage.Path);
        }
        else
        {
            logger.LogWarning(
                "No email is sent, for want of a mail server: set ConnectionStrings:{Name}. Until then emails wait in the database",
                EmailOptions.ConnectionName);
        }
    }

    /// <summary>Sends until nothing is due, and returns how many were sent.</summary>
    /// <exception cref="Exception">The database or the mail server cannot be used.</exception>
    private async Task<int> SendDueAsync(CancellationToken stoppingToken)
    {
        await using var services = scopes.CreateAsyncScope();
        var server = services.ServiceProvider.GetRequiredService<SmtpSession>();
        var sent = 0;
        while (await SendNextAsync(server, stoppingToken) is { } isSent)
        {
            sent += isSent ? 1 : 0;
        }

        return sent;
    }

    /// <summary>Sends one email; null when none is due.</summary>
    private async Task<bool?> SendNextAsync(SmtpSession server, CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(stoppingToken);
        // SQL: LINQ has no row locks. Other dispatchers skip the row until this transaction ends, even by a crash.
        var due = await db.OutgoingEmails.FromSql(
            $"""
            SELECT * FROM outgoing_emails WHERE next_attempt_at <= now()
            ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
            """).ToListAsync(stoppingToken);
        if (due is not [var email])
        {
            return null;
        }

        // Write the attempt before sending: if the database is read-only, this fails before the email is sent again and again.
        email.Attempts++;
        await db.SaveChangesAsync(stoppingToken);

        var error = await TrySendAsync(server, email, stoppingToken);
        Record(db, email, error);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return error is null or EmailRefusedException ? error is null : throw error;
    }

    /// <summary>Finishes an email even if the API stops meanwhile: the server may have accepted it already.</summary>
    private static async Task<Exception?> TrySendAsync(SmtpSession server, OutgoingEmail email, CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(SendTimeout);
        await using var stop = stoppingToken.Register(() => timeout.CancelAfter(StopTimeout));
        try
        {
            await server.SendAsync(email, timeout.Token);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void Record(MovieDbContext db, OutgoingEmail email, Exception? error)
    {
        switch (error)
        {
            case null:
                logger.LogInformation("Email {EmailId} was sent", email.Id);
                db.Remove(email);
                break;
            case EmailRefusedException { IsPermanent: true } when email.Attempts >= MaxAttempts:
                logger.LogWarning(
                    "Email {EmailId} is given up: the mail server refused it, attempt {Attempts}: {Error}",
                    email.Id,
                    email.Attempts,
                    ErrorOf(error));
                db.Remove(email);
                break;
            default:
                var refused = error as EmailRefusedException;
                email.LastError = ErrorOf(error);
                email.NextAttemptAt = DateTimeOffset.UtcNow
                    + (refused is null ? ServerBackOff(email.Attempts) : EmailBackOff(email.Attempts));
                if (refused is not null)
                {
                    logger.LogWarning(
                        "Email {EmailId} was refused, attempt {Attempts}: {Error}. It is sent again at {NextAttemptAt}",
                        email.Id,
                        email.Attempts,
                        email.LastError,
                        email.NextAttemptAt);
                }

                break;
        }
    }
}
