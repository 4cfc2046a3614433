using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MovieAspire.Admin.SignIn;

/// <summary>The sessions of everybody who is signed in, in memory: when the site restarts, people sign in again.</summary>
internal sealed class SessionStore(TimeProvider clock) : ITicketStore
{
    private const string KeyClaim = "session";

    private readonly ConcurrentDictionary<string, ApiSession> _sessions = [];
    private readonly ConcurrentDictionary<string, ApiSession> _offers = [];

    /// <summary>Adds a session, and forgets those whose cookie has expired.</summary>
    public ClaimsPrincipal Add(ApiSession session)
    {
        foreach (var (key, old) in _sessions)
        {
            if (old.Ticket?.Properties.ExpiresUtc < clock.GetUtcNow())
            {
                _sessions.TryRemove(key, out _);
            }
        }

        _sessions[session.Key] = session;
        return GetPrincipal(session);
    }

    /// <summary>Offers a session to the request that brings what is returned: the connection of a page sets no cookie, a request can.</summary>
    public string Offer(ApiSession session)
    {
        var offer = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        _offers[offer] = session;
        return offer;
    }

    /// <summary>Takes an offer, once, or takes it back. Null where there is none.</summary>
    public ApiSession? Take(string offer) => _offers.TryRemove(offer, out var session) ? session : null;

    /// <summary>Who is signed in, with the present role.</summary>
    public static ClaimsPrincipal GetPrincipal(ApiSession session) => new(new ClaimsIdentity(
        [
            new(KeyClaim, session.Key),
            new(ClaimTypes.NameIdentifier, $"{session.User.Id}"),
            new(ClaimTypes.Name, session.User.Name),
            new(ClaimTypes.Role, session.User.IsAdmin ? Roles.Admin : Roles.Moderator),
        ],
        CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>The session of a user who is signed in.</summary>
    public ApiSession GetSession(ClaimsPrincipal principal) =>
        _sessions.GetValueOrDefault(KeyOf(principal)) ?? throw new InvalidOperationException("Nobody is signed in here.");

    public Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var session = GetSession(ticket.Principal);
        session.Ticket = ticket;
        return Task.FromResult(session.Key);
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        if (_sessions.TryGetValue(key, out var session))
        {
            session.Ticket = ticket;
        }

        return Task.CompletedTask;
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => Task.FromResult(
        _sessions.GetValueOrDefault(key) is { Ticket: { } ticket } session
            ? new AuthenticationTicket(GetPrincipal(session), ticket.Properties, ticket.AuthenticationScheme)
            : null);

    public Task RemoveAsync(string key)
    {
        _sessions.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    private static string KeyOf(ClaimsPrincipal principal) => principal.FindFirstValue(KeyClaim) ?? "";
}
