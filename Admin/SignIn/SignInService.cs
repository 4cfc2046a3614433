using MovieAspire.Admin.Connection;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.SignIn;

/// <summary>Signs moderators and admins in and out, at the API.</summary>
internal sealed class SignInService(ApiConnection api, TimeProvider clock, ILogger<SignInService> logger)
{
    /// <summary>Who signs out does not wait longer. The request goes on, for as long as any other.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>Checks password, second factor and roles.</summary>
    public async Task<SignInResult> SignInAsync(Credentials credentials, Browser browser)
    {
        SignInResult? result = null;
        var error = await ApiError.CatchAsync(async () => result = await LogInAsync(credentials, browser));
        return error is null ? result! : Refused(error, credentials);
    }

    /// <summary>Lets a session that has ended go on with a new one of the same account. Pages that are open stay as they are.</summary>
    public async Task<SignInResult> SignInAgainAsync(ApiSession session, Credentials credentials)
    {
        var result = await SignInAsync(credentials with { Email = session.User.Email }, session.Browser);
        if (result is { Session: { } again, Tokens: { } tokens })
        {
            session.GoOn(tokens, again.User);
        }

        return result;
    }

    /// <summary>Ends the session at the API. Where that does not answer, its tokens are forgotten here, and expire there.</summary>
    public async Task SignOutAsync(ApiSession session)
    {
        if (await ApiError.CatchAsync(() => api.As(session).Auth.Logout.PostAsync().WaitAsync(Farewell)) is { IsSessionEnded: false } error)
        {
            logger.LogWarning("A session of user {UserId} was not ended at the API: {Reason}", session.User.Id, error.Message);
        }

        session.SignOut();
    }

    private async Task<SignInResult> LogInAsync(Credentials credentials, Browser browser)
    {
        var request = new LoginRequest { Email = credentials.Email, Password = credentials.Password };
        if (credentials.IsRecoveryCode)
        {
            request.TwoFactorRecoveryCode = credentials.Code;
        }
        else if (credentials.Code is not null)
        {
            request.TwoFactorCode = credentials.Code;
        }

        var anonymous = api.Anonymous(browser);
        var tokens = (await anonymous.Auth.Login.PostAsync(request))!;
        var unknown = Start(new(0, "", credentials.Email, IsAdmin: false));
        var profile = (await api.As(unknown).Me.GetAsync())!;
        var isAdmin = profile.Roles!.Contains(Roles.Admin);
        if (!isAdmin && !profile.Roles.Contains(Roles.Moderator))
        {
            await SignOutAsync(unknown);
            return new() { Message = "This site is for moderators and admins. Your account is neither: ask an admin for the role." };
        }

        var user = new SignedInUser(profile.Id!.Value, profile.DisplayName!, profile.Email ?? credentials.Email, isAdmin);
        return new() { Session = Start(user), Tokens = tokens };

        ApiSession Start(SignedInUser user) => new(
            user, browser, tokens, async refresh => (await anonymous.Auth.Refresh.PostAsync(new() { RefreshToken = refresh }))!, clock);
    }

    private static SignInResult Refused(ApiError error, Credentials credentials) => error.Code switch
    {
        Problem_code.Second_factor_required => new() { NeedsCode = true },
        Problem_code.Login_failed when credentials.Code is not null => new()
        {
            NeedsCode = true,
            Message = "The code is wrong, or it was used before. Wait for the next one, or use a recovery code.",
        },
        Problem_code.Validation_failed when error.Fields.Count > 0 => new() { Message = string.Join(' ', error.Fields.Values.SelectMany(m => m)) },
        Problem_code.Login_failed => new() { Message = "Email or password is wrong, or the account is locked." },
        _ => new() { Message = error.Message },
    };
}

/// <summary>What a user signs in with; the code is of the authenticator app, or a recovery code, or null where none was asked for.</summary>
internal sealed record Credentials(string Email, string Password, string? Code = null)
{
    /// <summary>As the API spells it, however it was typed: apps show codes in groups, and people write them down in small letters.</summary>
    public string? Code { get; } = Spell(Code);

    /// <summary>Those have a hyphen, an app's codes are six digits.</summary>
    public bool IsRecoveryCode => Code?.Contains('-') == true;

    private static string? Spell(string? typed)
    {
        var code = string.Concat((typed ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return code.Length == 0 ? null
            : code.Length == 6 && code.All(char.IsAsciiDigit) ? code
            : code.Insert(Math.Min(5, code.Length), "-");
    }
}

/// <summary>How a sign-in went.</summary>
internal sealed record SignInResult
{
    /// <summary>The new session; null where there is none.</summary>
    public ApiSession? Session { get; init; }

    public AccessTokenResponse? Tokens { get; init; }

    /// <summary>What is told then where a code is asked for.</summary>
    public const string CodeRequest = "Your account has a second factor: enter a code of your authenticator app, or a recovery code.";

    /// <summary>The password is right, and the account has a second factor.</summary>
    public bool NeedsCode { get; init; }

    /// <summary>Why there is no session.</summary>
    public string? Message { get; init; }
}
