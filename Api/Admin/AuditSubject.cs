using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;

namespace MovieAspire.Api.Admin;

/// <summary>What an entry of the audit trail is about, by name.</summary>
/// <param name="EntryId">The entry's id.</param>
/// <param name="Name">The present name; for a movie or genre that is deleted, the one that the entry's own values keep. Null where neither is.</param>
internal sealed record AuditSubject(long EntryId, string? Name)
{
    /// <summary>
    /// One for each entry, to be joined with those that are read. SQL, because LINQ cannot look into the entries' JSON. A review goes by its
    /// movie: the trail has no word of a review, which may be removed.
    /// </summary>
    public static IQueryable<AuditSubject> All(MovieDbContext db) => db.Database.SqlQuery<AuditSubject>(
        $"""
        SELECT id AS "EntryId", CASE subject_type
            WHEN 'movie' THEN coalesce((SELECT title FROM movies WHERE id = subject_id), before ->> 'title', after ->> 'title')
            WHEN 'genre' THEN coalesce((SELECT name FROM genres WHERE id = subject_id), before ->> 'name', after ->> 'name')
            WHEN 'user' THEN (SELECT display_name FROM users WHERE id = subject_id)
            WHEN 'review' THEN (SELECT title FROM movies WHERE id = (before ->> 'movieId')::bigint)
            END AS "Name"
        FROM audit_entries
        """);
}
