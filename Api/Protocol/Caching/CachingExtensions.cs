namespace MovieAspire.Api.Protocol.Caching;

/// <summary>How an operation's answers may be stored.</summary>
internal static class CachingExtensions
{
    /// <summary>By anyone, checked before each use.</summary>
    public static RouteHandlerBuilder WithPublicCaching(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Public));

    /// <summary>By nobody.</summary>
    public static RouteHandlerBuilder WithoutCaching(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Personal));
}
