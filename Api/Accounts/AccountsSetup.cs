using Microsoft.AspNetCore.Identity;
using MovieAspire.Api.Accounts.Email;
using MovieAspire.Api.Accounts.Passwords;
using MovieAspire.Api.Accounts.Tokens;
using MovieAspire.Data;

namespace MovieAspire.Api.Accounts;

/// <summary>Accounts on ASP.NET Core Identity; docs/decisions/0004-identity.md gives the reasons.</summary>
internal static class AccountsSetup
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(IdentityConstants.BearerScheme).AddBearerToken(IdentityConstants.BearerScheme, TokenPolicy.Apply);
        services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin));
        services.AddAccountEmail();

        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordPolicy.Pbkdf2Iterations);
        services.AddScoped<IPasswordHasher<User>, NormalizingPasswordHasher>();
        services.AddScoped<AccountManager>();
        services.AddIdentityCore<User>(options => Configure(options, configuration))
            .AddRoles<IdentityRole<long>>()
            .AddEntityFrameworkStores<MovieDbContext>()
            .AddUserManager<AccountManager>()
            .AddUserValidator<EmailRules>()
            .AddPasswordValidator<PasswordRules>()
            .AddApiEndpoints()
            .AddSignInManager<AccountSignIn>();

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

        // The user name is the e-mail address, in which EmailRules decides what is allowed.
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "";

        // Only where letters are really sent: otherwise nobody could confirm anything.
        options.SignIn.RequireConfirmedEmail = configuration.GetValue<bool>("Accounts:RequireConfirmedEmail");
    }
}
