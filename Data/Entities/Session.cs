using System.Net;

namespace MovieAspire.Data.Entities;

/// <summary>A login that is renewed by refresh tokens. Deleting the row ends it: its tokens are refused from then on.</summary>
public sealed class Session
{
    public Guid Id { get; init; }

    public required long UserId { get; init; }

    /// <summary>How often the tokens were refreshed. A refresh token with another number was used before: somebody else has it, too.</summary>
    public int Refreshes { get; set; }

    /// <summary>When the user logged in.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the tokens were last refreshed.</summary>
    public DateTimeOffset RefreshedAt { get; set; }

    /// <summary>When the refresh token expires, and the session with it.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The <c>User-Agent</c> of the login, cut to <see cref="Limits.UserAgent"/> characters; null without one.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The network address that the login came from; null where it is not known.</summary>
    public IPAddress? Address { get; init; }
}
