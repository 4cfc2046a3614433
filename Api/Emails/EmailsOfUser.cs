using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

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
