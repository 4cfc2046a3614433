using System.Data.Common;
using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Caching;

/// <summary>
/// Reads what the cache misses from a standby, in place of the primary. The standby has replayed everything that the primary had written
/// when changes were last polled, so that a response is not older than the version under which it is cached.
/// </summary>
internal sealed class StandbyFilter(Standbys standbys, ResponseCache cache, CacheVersions versions) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!standbys.AreNamed
            || cache.GetKey(http, http.GetEndpoint()!.Metadata.GetRequiredMetadata<CacheMetadata>().Scope) is not { Version: var version }
            || versions.PositionOf(version) is not { } position)
        {
            return await next(context);
        }

        await using var standby = await standbys.FindAsync(position, http.RequestAborted);
        if (standby is null)
        {
            return await next(context);
        }

        var primary = context.Arguments.OfType<MovieDbContext>().Single();
        var parameter = context.Arguments.IndexOf(primary);
        context.Arguments[parameter] = standby;
        try
        {
            return await next(context);
        }
        catch (DbException)
        {
            // The standby stops, or replays what conflicts with the query.
            context.Arguments[parameter] = primary;
            return await next(context);
        }
    }
}
