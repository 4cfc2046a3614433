using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Caching;

/// <summary>A successful response: its JSON, the tag of it, and in a list the address of the next page.</summary>
internal sealed record Representation(byte[] Json, string Tag, StringValues Link = default);

/// <summary>
/// Keeps what anybody may read in memory, until <see cref="CacheVersions"/> tells of a change. Requests with a token pass it by, so that
/// nobody misses what they have just written. Requests for the same response that come while it is read wait for it.
/// </summary>
/// <remarks>ASP.NET Core's output cache compares tags as they are, and so has no 304 for a response that was compressed.</remarks>
internal sealed class ResponseCache(IOptions<CacheOptions> options, CacheVersions versions, IMeterFactory meters) : IDisposable
{
    // An estimate of an entry and the objects around it, so that the limit counts small responses, too.
    private const int Overhead = 400;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = options.Value.Megabytes * 1024L * 1024 });
    private readonly ConcurrentDictionary<(string Address, long Version), Task<Representation?>> _running = [];
    private readonly Counter<long> _requests = meters.Create("MovieAspire.Api.Cache").CreateCounter<long>(
        "movieaspire.cache.requests", "{request}", "Requests that the cache may answer, by whether it did.");

    private sealed record Entry(Representation Representation, long Version);

    /// <summary>The key of a request, or null where the cache must not answer it.</summary>
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

    /// <summary>The kept response, or what <paramref name="read"/> returns, which is kept unless it is null.</summary>
    /// <param name="key">From <see cref="GetKey"/>.</param>
    /// <param name="read">Runs the request.</param>
    /// <param name="cancellationToken">Ends the wait for another request, which goes on.</param>
    public async ValueTask<Representation?> GetOrReadAsync(
        (string Address, long Version) key, Func<ValueTask<Representation?>> read, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(key.Address, out Entry? entry) && entry!.Version == key.Version)
        {
            _requests.Add(1, new KeyValuePair<string, object?>("result", "hit"));
            return entry.Representation;
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

            // It failed, or what it found is not kept: each finds out for itself.
            return await read();
        }

        _requests.Add(1, new KeyValuePair<string, object?>("result", "miss"));
        Representation? found = null;
        try
        {
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
        // For changes that no trigger tells of, such as those of a superuser who has turned them off.
        entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(10);
    }
}
