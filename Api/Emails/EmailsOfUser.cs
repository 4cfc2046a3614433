using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>Emails of the queue that are for a user: those to the address of the account, however it was written.</summary>
internal static class EmailsOfUser
{
    // By a sequential scan: the table holds what is being sent.
    public static IQueryable<OutgoingEmail> EmailsTo(this MovieDbContext db, long userId) => db.OutgoingEmails.FromSql(
        $"""
        SELECT email.* FROM outgoing_emails email JOIN users ON users.normalized_email = upper(email.recipient) WHERE users.id = {userId}
        """);

    /// <summary>Deletes them, except for one that is being sent at this moment, which would have to be waited for.</summary>
    public static Task DeleteEmailsToAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM outgoing_emails WHERE id IN (
                SELECT email.id FROM outgoing_emails email JOIN users ON users.normalized_email = upper(email.recipient)
                WHERE users.id = {userId} FOR UPDATE OF email SKIP LOCKED)
            """,
            cancellationToken);
}
