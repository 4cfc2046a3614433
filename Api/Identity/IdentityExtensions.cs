using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>Accounts on ASP.NET Core Identity; docs/decisions/0004-identity.md gives the reasons.</summary>
internal static class IdentityExtensions
{
    public static IServiceCollection AddAppIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(IdentityConstants.BearerScheme).AddBearerToken(IdentityConstants.BearerScheme, TokenPolicy.Apply);
        services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin));
        services.AddAccountEmail();

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

        // Last, since what is above registers the framework's own key ring.
        services.AddSharedKeyRing();
        return services;
    }

    /// <summary>The account behind the token, and what it may do; after authentication.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseMiddleware<LiveAccount>();
        app.UseAuthorization();
    }

    private static void Configure(IdentityOptions options, IConfiguration configuration)
    {
        PasswordPolicy.Apply(options.Password);

        // Enough for typing errors, too few for guessing; short, since anybody can lock anybody out by failing on purpose.
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);

        // The user name is the e-mail address, in which EmailValidator decides what is allowed.
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "";

        // Only where letters are really sent: otherwise nobody could confirm anything.
        options.SignIn.RequireConfirmedEmail = configuration.GetValue<bool>("Accounts:RequireConfirmedEmail");
    }
}

/// <summary>Names of authorization policies.</summary>
internal static class Policies
{
    public const string Admin = "admin";
}

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
