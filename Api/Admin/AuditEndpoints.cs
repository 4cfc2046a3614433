using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Admin;

/// <summary>The audit trail of admins, moderators and the worker's commands. Entries are never deleted.</summary>
internal static class AuditEndpoints
{
    /// <summary>Ids ascend, so the highest id is the newest entry.</summary>
    private static readonly SortOrder<AuditEntry> NewestFirst =
        new("-id", new SortKey<AuditEntry, long>(entry => entry.Id, entry => entry.Id));

    public static void MapAuditTrail(this IEndpointRouteBuilder api) => api.MapGet("/admin/audit", ListAsync)
        .WithTags("Administration").WithName("listAuditEntries").WithoutCaching().RequireAuthorization(Policies.Admin);

    /// <summary>List the audit trail</summary>
    /// <remarks>What admins and moderators did, newest first. The counts of an import grow until it ends.</remarks>
    internal static async Task<Ok<Page<AuditEntryResponse>>> ListAsync(
        [AsParameters] AuditFilter filter,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var entries = new ListQuery<AuditEntry, AuditEntryResponse>
        {
            Rows = () => filter.Apply(db.AuditEntries),
            Item = AuditEntryResponse.FromEntry(db),
            Sort = NewestFirst,
        };
        return TypedResults.Ok(await entries.ReadPageAsync(page, context, cancellationToken));
    }
}

/// <summary>Which entries to list.</summary>
public sealed record AuditFilter
{
    [FromQuery(Name = "action")]
    [NonBlank(Limits.AuditAction)]
    [Description("Only this act, such as movie.updated or user.locked.")]
    public string? Action { get; init; }

    [FromQuery(Name = "subjectType")]
    [AllowedValues(null, "movie", "genre", "review", "user", ErrorMessage = "The type must be movie, genre, review or user.")]
    [Description("Only acts on movies, genres, reviews or users.")]
    public string? SubjectType { get; init; }

    [FromQuery(Name = "subjectId")]
    [Description("Only acts on the one with this id; with subjectType.")]
    public long? SubjectId { get; init; }

    [FromQuery(Name = "actorId")]
    [Description("Only acts of this account.")]
    public long? ActorId { get; init; }

    [FromQuery(Name = "from")]
    [Description("Only acts at or after this instant.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("Only acts before this instant.")]
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// No index serves these filters: the table grows by one row per manual action, and is read from the newest entry on.
    /// </summary>
    internal IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries) =>
        Conditions().Aggregate(entries, (rows, condition) => rows.Where(condition));

    private IEnumerable<Expression<Func<AuditEntry, bool>>> Conditions()
    {
        if (Action is { } action)
        {
            yield return entry => entry.Action == action;
        }

        if (SubjectType is { } type)
        {
            yield return entry => entry.SubjectType == type;
        }

        if (SubjectId is { } subject)
        {
            yield return entry => entry.SubjectId == subject;
        }

        if (ActorId is { } actor)
        {
            yield return entry => entry.ActorId == actor;
        }

        if (From?.ToUniversalTime() is { } from)
        {
            yield return entry => entry.CreatedAt >= from;
        }

        if (To?.ToUniversalTime() is { } to)
        {
            yield return entry => entry.CreatedAt < to;
        }
    }
}

/// <summary>An act of an admin or a moderator.</summary>
public sealed record AuditEntryResponse
{
    public required long Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The account that acted, which may be deleted by now; null for a command on the server.</summary>
    public required long? ActorId { get; init; }

    /// <summary>The display name of that account; null where it is deleted.</summary>
    public required string? ActorName { get; init; }

    /// <summary>What was done, such as <c>role.added</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, such as <c>user</c> or <c>movie</c>.</summary>
    public required string SubjectType { get; init; }

    /// <summary>The id of what it was done to, which may be deleted by now; null for an import.</summary>
    public required long? SubjectId { get; init; }

    /// <summary>
    /// The title of the movie, the name of the genre, the display name of the user, or for a review the title of its movie: as it is now, or for a
    /// movie or genre that is deleted as <c>before</c> or <c>after</c> has it. Null where there is none, such as of a deleted account.
    /// </summary>
    public required string? SubjectName { get; init; }

    /// <summary>The values before; null where there were none.</summary>
    public required JsonObject? Before { get; init; }

    /// <summary>The values after; null where there are none.</summary>
    public required JsonObject? After { get; init; }

    /// <summary>The network address that the request came from; null where it is not known.</summary>
    public required string? Address { get; init; }

    internal static Expression<Func<AuditEntry, AuditEntryResponse>> FromEntry(MovieDbContext db) => FromEntry(db, AuditSubject.All(db));

    private static Expression<Func<AuditEntry, AuditEntryResponse>> FromEntry(MovieDbContext db, IQueryable<AuditSubject> subjects) => entry => new()
    {
        Id = entry.Id,
        CreatedAt = entry.CreatedAt,
        ActorId = entry.ActorId,
        ActorName = db.Users.Where(user => user.Id == entry.ActorId).Select(user => user.DisplayName).FirstOrDefault(),
        Action = entry.Action,
        SubjectType = entry.SubjectType,
        SubjectId = entry.SubjectId == AuditEntry.NoSubject ? null : entry.SubjectId,
        SubjectName = subjects.Where(subject => subject.EntryId == entry.Id).Select(subject => subject.Name).FirstOrDefault(),
        Before = Parse(entry.Before),
        After = Parse(entry.After),
        Address = entry.Address == null ? null : entry.Address.ToString(),
    };

    private static JsonObject? Parse(string? json) => json is null ? null : JsonNode.Parse(json)!.AsObject();
}
