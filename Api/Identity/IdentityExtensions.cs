using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>Accounts by ASP.NET Core Identity (docs/decisions/0004-identity.md).</summary>
internal static class IdentityExtensions
{
    public static IServiceCollection AddAppIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(IdentityConstants.BearerScheme).AddBearerToken(IdentityConstants.BearerScheme, TokenPolicy.Apply);
        services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin));
        services.AddIdentityEmails();

        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordPolicy.Pbkdf2Iterations);
        services.AddScoped<IPasswordHasher<User>, NormalizingPasswordHasher>();
        services.AddScoped<AppUserManager>();
        services.AddIdentityCore<User>(options => Configure(options, configuration))
            .AddRoles<IdentityRole<long>>()
            .AddEntityFrameworkStores<MovieDbContext>()
            .AddUserManager<AppUserManager>()
            .AddUserValidator<EmailValidator>()
            .AddPasswordValidator<PasswordValidator>()
            .AddApiEndpoints()
            .AddSignInManager<AppSignInManager>();

        // Last: the calls above register the framework's own key ring.
        services.AddSharedKeyRing();
        return services;
    }

    /// <summary>Checks the user of the token, then authorizes.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseMiddleware<LiveAccount>();
        app.UseAuthorization();
    }

    private static void Configure(IdentityOptions options, IConfiguration configuration)
    {
        PasswordPolicy.Apply(options.Password);

        // Enough for typing errors, too few for guessing; short, since anyone can lock an account by failing on purpose.
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);

        // The user name is the email; EmailValidator decides which characters it may have.
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "";

        // Only where emails are really sent: otherwise no user could confirm.
        options.SignIn.RequireConfirmedEmail = configuration.GetValue<bool>("Accounts:RequireConfirmedEmail");
    }
}

internal static class Policies
{
    public const string Admin = "admin";
}

/// <summary>Lifetimes of tokens.</summary>
internal static class TokenPolicy
{
    /// <summary>Short: a leaked access token is valid for minutes.</summary>
    private static readonly TimeSpan Access = TimeSpan.FromMinutes(15);

    /// <summary>How long a user stays signed in without a visit. Each refresh checks the account and starts the period again.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromDays(14);

    public static void Apply(BearerTokenOptions options)
    {
        options.BearerTokenExpiration = Access;
        options.RefreshTokenExpiration = Refresh;
    }
}
