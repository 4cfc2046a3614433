using System.Net;

namespace MovieAspire.Data.Entities;

/// <summary>An act of an admin, a moderator or the worker, kept for good: who did what, when and from where.</summary>
public sealed class AuditEntry
{
    /// <summary>The <see cref="SubjectId"/> of an act on no single one, such as an import.</summary>
    public const long NoSubject = 0;

    public long Id { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The account that acted, which may be deleted by now; null for the worker's commands.</summary>
    public required long? ActorId { get; init; }

    /// <summary>What was done, such as <c>role.added</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: <c>user</c>, <c>movie</c>, <c>genre</c>, <c>review</c> or <c>database</c>.</summary>
    public required string SubjectType { get; init; }

    /// <summary>Id of what it was done to, which may be deleted by now, or <see cref="NoSubject"/>.</summary>
    public required long SubjectId { get; init; }

    /// <summary>The values before, as a JSON object; null where there were none.</summary>
    public string? Before { get; init; }

    /// <summary>The values after, as a JSON object; null where there are none.</summary>
    public string? After { get; init; }

    /// <summary>The network address that the request came from; null where it is not known.</summary>
    public IPAddress? Address { get; init; }
}
