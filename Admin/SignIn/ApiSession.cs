using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using MovieAspire.ApiClient.Models;
using ApiProblem = MovieAspire.ApiClient.Models.Problem;

namespace MovieAspire.Admin.SignIn;

/// <summary>
/// A user's session at the API. Its tokens stay here; the browser's cookie holds nothing but its key. Each refresh token is good once,
/// so all requests and open pages of a browser share one session, and wait for the same refresh.
/// </summary>
public sealed class ApiSession
{
    /// <summary>A token that is about to expire is renewed before it is sent.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Func<string, Task<AccessTokenResponse>> _refresh;
    private readonly TimeProvider _clock;
    private Tokens? _tokens;
    private Task<string>? _refreshing;

    internal ApiSession(
        SignedInUser user, Browser browser, AccessTokenResponse tokens, Func<string, Task<AccessTokenResponse>> refresh, TimeProvider clock)
    {
        (User, Browser, _refresh, _clock) = (user, browser, refresh, clock);
        _tokens = Received(tokens);
    }

    /// <summary>Who is signed in. Roles change where the user signs in again.</summary>
    public SignedInUser User { get; private set; }

    /// <summary>True from the moment when the user has signed out, in whatever tab, until the user has signed in again.</summary>
    public bool IsSignedOut { get; private set; }

    internal Browser Browser { get; }

    /// <summary>True from the moment when the API refuses the tokens until the user has signed in again.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _tokens is null;
            }
        }
    }

    /// <summary>What is in the cookie. One that was signed out with opens nothing again.</summary>
    internal string Key { get; private set; } = NewKey();

    internal AuthenticationTicket? Ticket { get; set; }

    /// <summary>The session has ended, was asked for after its end, or goes on. Raised on any thread.</summary>
    public event Action? Changed;

    /// <summary>An access token that is good for a while.</summary>
    /// <exception cref="SessionEndedException">The session has ended: the user must sign in again.</exception>
    internal Task<string> GetAccessTokenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tokens is not null)
            {
                return _clock.GetUtcNow() + Margin < _tokens.Expires
                    ? Task.FromResult(_tokens.Access)
                    // Not cancelled with the request that began it: a refresh whose answer is lost ends the session.
                    : (_refreshing ??= RefreshAsync(_tokens)).WaitAsync(cancellationToken);
            }
        }

        Changed?.Invoke();
        throw new SessionEndedException();
    }

    /// <summary>The API refused this access token. One that has been replaced meanwhile says nothing.</summary>
    internal void End(string accessToken)
    {
        lock (_lock)
        {
            if (_tokens?.Access != accessToken)
            {
                return;
            }

            _tokens = null;
        }

        Changed?.Invoke();
    }

    /// <summary>The user has signed out: the pages that are still open must not go on, not even where the API was not told.</summary>
    internal void SignOut()
    {
        lock (_lock)
        {
            (_tokens, IsSignedOut) = (null, true);
        }

        Changed?.Invoke();
    }

    /// <summary>The user has signed in again.</summary>
    internal void GoOn(AccessTokenResponse tokens, SignedInUser user)
    {
        lock (_lock)
        {
            Key = IsSignedOut ? NewKey() : Key;
            (_tokens, User, IsSignedOut) = (Received(tokens), user, false);
        }

        Changed?.Invoke();
    }

    private async Task<string> RefreshAsync(Tokens used)
    {
        // The caller holds the lock.
        await Task.Yield();
        try
        {
            var tokens = Received(await _refresh(used.Refresh));
            lock (_lock)
            {
                _tokens = tokens;
                _refreshing = null;
            }

            return tokens.Access;
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _refreshing = null;
            }

            if (e is ApiProblem { ResponseStatusCode: StatusCodes.Status401Unauthorized })
            {
                End(used.Access);
                throw new SessionEndedException();
            }

            throw;
        }
    }

    private static string NewKey() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    private Tokens Received(AccessTokenResponse tokens) =>
        new(tokens.AccessToken!, tokens.RefreshToken!, _clock.GetUtcNow() + TimeSpan.FromSeconds(tokens.ExpiresIn ?? 0));

    private sealed record Tokens(string Access, string Refresh, DateTimeOffset Expires);
}

/// <summary>Who is signed in.</summary>
public sealed record SignedInUser(long Id, string Name, string Email, bool IsAdmin);

/// <summary>Where a user signed in.</summary>
public sealed record Browser(string? UserAgent, IPAddress? Address)
{
    public static Browser FromRequest(HttpContext context) => new(context.Request.Headers.UserAgent, context.Connection.RemoteIpAddress);
}

/// <summary>The API takes the session's tokens no longer: it was ended elsewhere, or the account was locked.</summary>
public sealed class SessionEndedException() : Exception("The session at the API has ended.");
