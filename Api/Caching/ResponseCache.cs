using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Caching;

/// <summary>A successful response: its JSON, its ETag and, for a list, the Link header of the next page.</summary>
internal sealed record Representation(byte[] Json, string Tag, StringValues Link = default);

/// <summary>
/// Caches public responses in memory until <see cref="CacheVersions"/> reports a change. Requests with a token bypass it, so that users
/// always see their own writes. Concurrent requests for the same response share one read.
/// </summary>
/// <remarks>
/// Not ASP.NET Core's output cache: it compares ETags literally, and so never answers 304 for a response that was compressed.
/// </remarks>
internal sealed class ResponseCache(IOptions<CacheOptions> options, CacheVersions versions, IMeterFactory meters) : IDisposable
{
    // Estimated overhead of an entry, so that the memory limit holds for small responses, too.
    private const int Overhead = 400;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = options.Value.Megabytes * 1024L * 1024 });
    private readonly ConcurrentDictionary<(string Address, long Version), Task<Representation?>> _running = [];
    private readonly Counter<long> _requests = meters.Create("MovieAspire.Api.Cache").CreateCounter<long>(
        "movieaspire.cache.requests", "{request}", "Requests that the cache may answer, by whether it did.");

    private sealed record Entry(Representation Representation, long Version);

    /// <summary>The cache key of a request, or null if the cache must not be used.</summary>
    public (string Address, long Version)? GetKey(HttpContext context, CacheScope scope)
    {
        if (options.Value.Megabytes == 0
            || !HttpMethods.IsGet(context.Request.Method)
            || context.Request.Headers.ContainsKey(HeaderNames.Authorization)
            || !versions.AreCurrent)
        {
            return null;
        }

        var version = scope == CacheScope.Movie ? versions.OfMovie(MovieOf(context)) : versions.OfCatalog;
        return (context.Request.GetEncodedPathAndQuery(), version);
    }

    /// <summary>Returns the cached response of a request, or null.</summary>
    public Representation? Find((string Address, long Version) key)
    {
        if (!_kept.TryGetValue(key.Address, out Entry? entry) || entry!.Version != key.Version)
        {
            return null;
        }

        _requests.Add(1, new KeyValuePair<string, object?>("result", "hit"));
        return entry.Representation;
    }

    /// <summary>Returns the cached response, or else the result of <paramref name="read"/>, which is cached unless it is null.</summary>
    /// <param name="key">From <see cref="GetKey"/>.</param>
    /// <param name="read">Runs the request.</param>
    /// <param name="cancellationToken">Cancels the wait for another request's read, but not that read.</param>
    public async ValueTask<Representation?> GetOrReadAsync(
        (string Address, long Version) key, Func<ValueTask<Representation?>> read, CancellationToken cancellationToken)
    {
        if (Find(key) is { } kept)
        {
            return kept;
        }

        var reading = new TaskCompletionSource<Representation?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _running.GetOrAdd(key, reading.Task);
        if (first != reading.Task)
        {
            if (await first.WaitAsync(cancellationToken) is { } shared)
            {
                _requests.Add(1, new KeyValuePair<string, object?>("result", "shared"));
                return shared;
            }

            // The shared read failed or its result is not cacheable: run this request's own.
            return await read();
        }

        Representation? found = null;
        try
        {
            // Another request may have looked, read and ended since this one looked.
            if (Find(key) is { } meanwhile)
            {
                return found = meanwhile;
            }

            _requests.Add(1, new KeyValuePair<string, object?>("result", "miss"));
            found = await read();
            if (found is not null)
            {
                Keep(key, found);
            }

            return found;
        }
        finally
        {
            _running.TryRemove(key, out _);
            reading.SetResult(found);
        }
    }

    public void Dispose() => _kept.Dispose();

    private static long MovieOf(HttpContext context) =>
        long.Parse((string)(context.GetRouteValue("movieId") ?? context.GetRouteValue("id"))!, CultureInfo.InvariantCulture);

    private void Keep((string Address, long Version) key, Representation found)
    {
        using var entry = _kept.CreateEntry(key.Address);
        entry.Value = new Entry(found, key.Version);
        entry.Size = found.Json.Length + 2 * key.Address.Length + Overhead;
        // A safety net for changes without triggers, such as those of a superuser who has disabled them.
        entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(10);
    }
}
