using System.Collections.Concurrent;
using System.Diagnostics;
using NpgsqlTypes;

namespace MovieAspire.Api.Caching;

/// <summary>What a cached response depends on.</summary>
internal enum CacheScope
{
    /// <summary>The movie in the path, with its ratings and reviews.</summary>
    Movie,

    /// <summary>Any movie or genre.</summary>
    Catalog,
}

/// <summary>
/// Versions of the public data, which increase with each change. A response is cached under the version that was current before its query
/// began, so a response that a change has overtaken is never served.
/// </summary>
internal sealed class CacheVersions
{
    /// <summary>No cached response is served that is staler than this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    // If more movies than this have changed, all of them count as changed. Bounds the memory of the versions.
    private const int MaxMovies = 100_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, long> _movies = [];
    private long _last;
    private long _ofAll;
    private long _checkedAt = -1;
    private Polled _polled = new(default, -1);

    /// <param name="Position">A position in the primary's log.</param>
    /// <param name="Version">The last version whose change is before that position.</param>
    private sealed record Polled(NpgsqlLogSequenceNumber Position, long Version);

    /// <summary>Whether the database was polled for changes within <see cref="MaxAge"/>.</summary>
    public bool AreCurrent =>
        Volatile.Read(ref _checkedAt) is > 0 and var time && Stopwatch.GetElapsedTime(time) < MaxAge;

    public long OfCatalog => Volatile.Read(ref _last);

    public long OfMovie(long id)
    {
        // Read in this order: EvictAll increases the version of all movies before it clears the others.
        var ofMovie = _movies.GetValueOrDefault(id);
        return Math.Max(ofMovie, Volatile.Read(ref _ofAll));
    }

    /// <summary>
    /// The position in the primary's log from which on a standby knows what this version stands for. Null for what this replica has changed
    /// since the last poll: only the primary knows that.
    /// </summary>
    public NpgsqlLogSequenceNumber? PositionOf(long version) =>
        Volatile.Read(ref _polled) is var polled && version <= polled.Version ? polled.Position : null;

    /// <param name="time">A timestamp of <see cref="Stopwatch"/>: every change before it is in these versions.</param>
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

    /// <summary>Evicts what a poll has found.</summary>
    /// <param name="movies">The movies that changed; null for all.</param>
    /// <param name="position">The end of the primary's log at the poll.</param>
    /// <param name="before">The version of the catalog before the poll.</param>
    public void EvictPolled(IEnumerable<long>? movies, NpgsqlLogSequenceNumber position, long before)
    {
        lock (_lock)
        {
            // A write of this replica during the poll may be after the position. The next poll will find it.
            var isAlone = _last == before;
            foreach (var movie in movies ?? [])
            {
                Evict(movie);
            }

            if (movies is null)
            {
                EvictAll();
            }

            if (isAlone)
            {
                Volatile.Write(ref _polled, new(position, _last));
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
