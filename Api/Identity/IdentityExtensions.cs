using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>Accounts by ASP.NET Core Identity (docs/decisions/0004-identity.md).</summary>
internal static class IdentityExtensions
{
    /// <summary>Short: a leaked access token is valid for minutes.</summary>
    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long a user stays signed in without a visit. Each refresh checks the account and starts the period again.</summary>
    private static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    public static IServiceCollection AddAppIdentity(this IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.BearerScheme).AddBearerToken(IdentityConstants.BearerScheme, options =>
        {
            options.BearerTokenExpiration = AccessTokenLifetime;
            options.RefreshTokenExpiration = RefreshTokenLifetime;
            options.Events.OnMessageReceived = ReadTokenAsync;
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin))
            .AddPolicy(Policies.Moderator, policy => policy.RequireRole(Roles.Moderator, Roles.Admin));

        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateOnStart();
        services.ConfigureOptions<IdentityOptionsSetup>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordPolicy.Pbkdf2Iterations);
        services.AddScoped<IPasswordHasher<User>, NormalizingPasswordHasher>();
        services.AddScoped<AppUserManager>().AddScoped<SessionStore>();
        services.AddIdentityCore<User>()
            .AddRoles<IdentityRole<long>>()
            .AddEntityFrameworkStores<MovieDbContext>()
            .AddUserManager<AppUserManager>()
            .AddUserValidator<EmailValidator>()
            .AddPasswordValidator<PasswordValidator>()
            .AddApiEndpoints()
            .AddSignInManager<AppSignInManager>();

        // The name is part of each key's purpose. By default it is the content root, which replicas need not share.
        services.AddDataProtection().SetApplicationName(nameof(MovieAspire));
        services.AddSingleton<DatabaseKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing>((options, keyRing) => options.XmlRepository = keyRing);
        return services;
    }

    /// <summary>The name of the scheme in whatever case (RFC 9110, 11.1), which the framework compares exactly.</summary>
    private static Task ReadTokenAsync(MessageReceivedContext context)
    {
        var (header, prefix) = (context.Request.Headers.Authorization.ToString(), "Bearer ");
        context.Token = header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? header[prefix.Length..] : null;
        return Task.CompletedTask;
    }
}

internal static class Policies
{
    public const string Admin = "admin";

    /// <summary>Moderators, and admins.</summary>
    public const string Moderator = "moderator";
}

/// <summary>Settings of accounts; section <c>Accounts</c> of the configuration.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Refuses login until the email is confirmed. Only where emails are really sent: otherwise no user could log in.</summary>
    public bool RequireConfirmedEmail { get; set; }
}

/// <summary>Identity's options.</summary>
internal sealed class IdentityOptionsSetup(IOptions<AccountOptions> accounts) : IConfigureOptions<IdentityOptions>
{
    public void Configure(IdentityOptions options)
    {
        PasswordPolicy.Apply(options.Password);

        // Enough for typing errors, too few for guessing; short, since anyone can lock an account by failing on purpose.
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);

        // The user name is the email; EmailValidator decides which characters it may have.
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "";

        options.SignIn.RequireConfirmedEmail = accounts.Value.RequireConfirmedEmail;
    }
}

/// <summary>Identity's own endpoints: register, log in, refresh, confirm, reset, manage.</summary>
internal static class IdentityEndpoints
{
    public static void MapIdentity(this IEndpointRouteBuilder api) =>
        api.MapGroup("/auth").WithTags("Accounts").WithRateLimit(RateLimitPolicies.Accounts)
            .AddEndpointFilter<IdentityResponseFilter>()
            // Tokens only: with cookies, other sites could make requests as the signed-in user.
            .WithMetadata(new WithoutQueryParameters("useCookies", "useSessionCookies"))
            .MapIdentityApi<User>();
}
