using System.Collections.Concurrent;
using System.Diagnostics;

namespace MovieAspire.Api.Caching;

/// <summary>What a kept response depends on.</summary>
internal enum CacheScope
{
    /// <summary>The movie of the address, with its ratings and reviews.</summary>
    Movie,

    /// <summary>Any movie or genre.</summary>
    Catalog,
}

/// <summary>
/// Numbers that rise with each change of what anybody may read. A response is kept under the number that was read before its query began,
/// so that one which a change overtook is never used.
/// </summary>
internal sealed class CacheVersions
{
    /// <summary>Nobody sees what is older than this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    // Where more movies have changed than this, all of them count as changed, so that the numbers do not grow without end.
    private const int MaxMovies = 100_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, long> _movies = [];
    private long _last;
    private long _ofAll;
    private long _checkedAt = -1;

    /// <summary>Whether the database was asked for changes within <see cref="MaxAge"/>.</summary>
    public bool AreCurrent =>
        Volatile.Read(ref _checkedAt) is > 0 and var time && Stopwatch.GetElapsedTime(time) < MaxAge;

    public long OfCatalog => Volatile.Read(ref _last);

    public long OfMovie(long id)
    {
        // In this order: whoever forgets the movies' numbers has raised the one of all before.
        var ofMovie = _movies.GetValueOrDefault(id);
        return Math.Max(ofMovie, Volatile.Read(ref _ofAll));
    }

    /// <param name="time">The <see cref="Stopwatch"/>'s, of a moment after which nothing had changed that these numbers do not tell.</param>
    public void MarkCurrent(long time) => Volatile.Write(ref _checkedAt, time);

    public void Evict(long movieId)
    {
        lock (_lock)
        {
            _movies[movieId] = Interlocked.Increment(ref _last);
            if (_movies.Count > MaxMovies)
            {
                EvictAll();
            }
        }
    }

    public void EvictAll()
    {
        lock (_lock)
        {
            Volatile.Write(ref _ofAll, Interlocked.Increment(ref _last));
            _movies.Clear();
        }
    }
}
