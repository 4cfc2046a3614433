using MovieAspire.Api.Protocol.Query;
using MovieAspire.Api.Protocol.RequestLimits;
using MovieAspire.Data;

namespace MovieAspire.Api.Accounts;

/// <summary>Identity's own endpoints: register, log in, refresh, confirm, reset, manage.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder api) =>
        api.MapGroup("/auth").WithTags("Accounts").WithMetadata(new RateClassMetadata(RateClass.Accounts))
            .AddEndpointFilter<AccountAnswers>()
            // Tokens only: with a cookie, other sites could act for a person who is logged in here.
            .WithMetadata(new WithoutQueryParameters("useCookies", "useSessionCookies"))
            .MapIdentityApi<User>();
}
