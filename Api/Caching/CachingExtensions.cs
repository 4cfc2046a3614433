using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Caching;

internal static class CachingExtensions
{
    /// <summary>Adds the cache of <c>WithPublicCaching</c>.</summary>
    public static void AddResponseCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CacheVersions>().AddSingleton<ResponseCache>().AddHostedService<CacheEvictionReader>();
        services.AddSingleton<Standbys>();
    }

    /// <summary>
    /// Responds from the cache before a request gets what its endpoint needs, such as a database context. Comes after everything that checks
    /// requests.
    /// </summary>
    public static void UseResponseCache(this WebApplication app)
    {
        var cache = app.Services.GetRequiredService<ResponseCache>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<CacheMetadata>() is { } metadata
                && cache.GetKey(context, metadata.Scope) is { } key
                && cache.Find(key) is { } kept)
            {
                context.Response.Headers.CacheControl = ConditionalGet.Public;
                return ConditionalGet.Respond(context, kept).ExecuteAsync(context);
            }

            return next(context);
        });
    }

    /// <summary>
    /// Evicts what a write changes before its response is sent: the movie in the path, or everything. Other replicas learn of it from the
    /// database.
    /// </summary>
    public static TBuilder EvictsCache<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter((context, next) =>
        {
            var http = context.HttpContext;
            if (!HttpMethods.IsGet(http.Request.Method))
            {
                // An import sends its response itself, before the filter gets control back.
                http.Response.OnStarting(Evict, http);
            }

            return next(context);
        });

    private static Task Evict(object context)
    {
        var http = (HttpContext)context;
        var versions = http.RequestServices.GetRequiredService<CacheVersions>();
        if (http.GetRouteValue("movieId") is string movie)
        {
            versions.Evict(long.Parse(movie, CultureInfo.InvariantCulture));
        }
        else
        {
            versions.EvictAll();
        }

        return Task.CompletedTask;
    }
}

/// <summary>What the responses of an endpoint depend on.</summary>
internal sealed record CacheMetadata(CacheScope Scope);

/// <summary>Section <c>Cache</c> of the configuration.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Memory for public responses, in MB. 0 disables the cache.</summary>
    [Range(0, 16384)]
    public int Megabytes { get; set; } = 64;
}
