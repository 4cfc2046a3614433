using MovieAspire.Api.Http;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

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
