using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MovieAspire.Api.Accounts.Tokens;

/// <summary>How long tokens hold.</summary>
internal static class TokenPolicy
{
    /// <summary>Short: an access token that leaks is of use for minutes.</summary>
    private static readonly TimeSpan Access = TimeSpan.FromMinutes(15);

    /// <summary>How long somebody stays logged in without coming back; each refresh starts it anew, and checks the account.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromDays(14);

    public static void Apply(BearerTokenOptions options)
    {
        options.BearerTokenExpiration = Access;
        options.RefreshTokenExpiration = Refresh;
    }
}
