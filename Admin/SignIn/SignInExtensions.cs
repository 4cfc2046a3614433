using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;

namespace MovieAspire.Admin.SignIn;

/// <summary>Cookies for sessions of the API. Every page needs one, apart from those that say otherwise.</summary>
internal static class SignInExtensions
{
    public const string SignInPath = "/sign-in";
    private const string SignOutPath = "/sign-out";

    /// <summary>Where site.js brings what <see cref="SessionDialog"/> offers.</summary>
    private const string KeepPath = "/sign-in/keep";

    /// <summary>A working day, counted from the last page that was loaded.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System).AddSingleton<SessionStore>().AddSingleton<SignInService>();
        services.AddSingleton<PasswordSeal>();
        services.AddCascadingAuthenticationState();

        // Sessions are in memory, so the keys of their cookies need not outlive the process either.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "antiforgery";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionStore>((options, sessions) =>
            {
                options.SessionStore = sessions;
                options.Cookie.Name = "session";
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = Lifetime;
                options.LoginPath = SignInPath;
                options.AccessDeniedPath = "/not-allowed";
                options.ReturnUrlParameter = "returnUrl";
                options.Events.OnValidatePrincipal = RefuseEndedSession;
            });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole(Roles.Moderator, Roles.Admin).Build());
        return services;
    }

    /// <summary>Answers a sign-in form of before a restart, whose antiforgery token nobody can read any more, with a new one.</summary>
    public static IApplicationBuilder UseNewSignInForm(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false } || context.Request.Path != SignInPath)
        {
            return next(context);
        }

        context.Response.Redirect($"{SignInPath}{context.Request.QueryString.Add("outdated", bool.TrueString)}");
        return Task.CompletedTask;
    });

    /// <summary>A POST, which other sites cannot make: the cookie is strict, and it needs an antiforgery token.</summary>
    public static void MapSignOut(this WebApplication app) => app.MapPost(SignOutPath, SignOutAsync).AllowAnonymous();

    /// <summary>Gives the browser a cookie for the session that a page has signed in again.</summary>
    public static void MapKeepSignedIn(this WebApplication app) => app.MapPost(KeepPath, KeepSignedInAsync).AllowAnonymous();

    private static async Task<IResult> KeepSignedInAsync(
        [FromHeader] string offer, HttpContext context, IAntiforgery antiforgery, SessionStore sessions)
    {
        if (sessions.Take(offer) is not { } session)
        {
            return Results.BadRequest();
        }

        // The browser's cookie is still good, or somebody has signed in in another tab.
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return Results.NoContent();
        }

        // The page has its antiforgery token since its user was signed in.
        context.User = SessionStore.GetPrincipal(session);
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await context.SignInAsync(sessions.Add(session));
        return Results.NoContent();
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext context, IAntiforgery antiforgery, SessionStore sessions, SignInService signIn)
    {
        // Whose session has ended is signed out already, and would come back here after signing in.
        if (context.User.Identity?.IsAuthenticated == true)
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                // Of another site, or of a page of somebody who was signed in before.
                return Results.LocalRedirect("/");
            }

            await signIn.SignOutAsync(sessions.GetSession(context.User));
        }

        await context.SignOutAsync();
        return Results.LocalRedirect($"{SignInPath}?signedOut=true");
    }

    // Pages that are still open keep the session, and let it go on.
    private static Task RefuseEndedSession(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.RequestServices.GetRequiredService<SessionStore>().GetSession(context.Principal!).HasEnded
            && !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal))
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}

/// <summary>The roles of the API that this site is for.</summary>
internal static class Roles
{
    public const string Admin = "admin";
    public const string Moderator = "moderator";
}

/// <summary>Keeps a password that was right in the page that asks for the code, readable for nobody, for a few minutes.</summary>
internal sealed class PasswordSeal(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(PasswordSeal)).ToTimeLimitedDataProtector();

    public string Close(string password) => _protector.Protect(password, Lifetime);

    /// <summary>The password; null where it is too old, or not of this process.</summary>
    public string? Open(string seal)
    {
        try
        {
            return _protector.Unprotect(seal);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
