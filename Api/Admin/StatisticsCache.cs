using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Admin;

/// <summary>
/// Caches the statistics for 30 seconds, because they are expensive: with 5 million ratings by 50,000 users of 100,000 movies, reading them
/// takes about 0.4 s, mostly for the daily counts.
/// </summary>
internal sealed class StatisticsCache(HybridCache cache, IServiceScopeFactory scopes)
{
    private const int Days = 30;
    private const int Imports = 5;

    private static readonly HybridCacheEntryOptions Lifetime = new() { Expiration = TimeSpan.FromSeconds(30) };

    public ValueTask<Statistics> GetAsync(CancellationToken cancellationToken) =>
        cache.GetOrCreateAsync(nameof(Statistics), ReadAsync, Lifetime, cancellationToken: cancellationToken);

    /// <summary>
    /// Uses its own context: other requests wait for this read, so it must continue if the request that started it is aborted.
    /// </summary>
    private async ValueTask<Statistics> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        var now = DateTimeOffset.UtcNow;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var since = new DateTimeOffset(today.AddDays(1 - Days), TimeOnly.MinValue, TimeSpan.Zero);
        var counts = (await db.Database.SqlQuery<CatalogCounts>(
            $"""
            SELECT count(*) AS "Movies", coalesce(sum(review_count), 0) AS "Reviews", coalesce(sum(favorite_count), 0) AS "Favorites",
                ARRAY[sum(rating_histogram[1]), sum(rating_histogram[2]), sum(rating_histogram[3]), sum(rating_histogram[4]),
                    sum(rating_histogram[5]), sum(rating_histogram[6]), sum(rating_histogram[7]), sum(rating_histogram[8]),
                    sum(rating_histogram[9]), sum(rating_histogram[10])]::bigint[] AS "Histogram"
            FROM movie_stats
            """).ToListAsync(cancellationToken))[0];
        var histogram = counts.Histogram.Select(count => count ?? 0).ToList();
        var newUsers = await CountByDayAsync(
            db.Users.Where(user => user.CreatedAt >= since).Select(user => user.CreatedAt), cancellationToken);
        // Grouped by user, because the index has each user's ratings by time: one index scan per user instead of a scan of all ratings.
        var ratings = await CountByDayAsync(
            db.Users.SelectMany(user => db.Ratings.Where(rating => rating.UserId == user.Id && rating.CreatedAt >= since))
                .Select(rating => rating.CreatedAt),
            cancellationToken);
        return new()
        {
            AsOf = now,
            Movies = counts.Movies,
            Users = await db.Users.LongCountAsync(cancellationToken),
            Ratings = histogram.Sum(),
            Reviews = counts.Reviews,
            Favorites = counts.Favorites,
            OpenReports = await db.ReviewReports.LongCountAsync(report => report.ResolvedAt == null, cancellationToken),
            RatingHistogram = histogram,
            Days =
            [
                .. Enumerable.Range(1 - Days, Days).Select(today.AddDays).Select(day => new DayStatistics
                {
                    Date = day,
                    Ratings = ratings.GetValueOrDefault(day),
                    NewUsers = newUsers.GetValueOrDefault(day),
                }),
            ],
            Imports = await ReadImportsAsync(db, cancellationToken),
        };
    }

    private static Task<Dictionary<DateOnly, long>> CountByDayAsync(IQueryable<DateTimeOffset> times, CancellationToken cancellationToken) =>
        times.GroupBy(time => DateOnly.FromDateTime(time.UtcDateTime)).Select(day => new { day.Key, Count = day.LongCount() })
            .ToDictionaryAsync(day => day.Key, day => day.Count, cancellationToken);

    private static async Task<List<ImportStatistics>> ReadImportsAsync(MovieDbContext db, CancellationToken cancellationToken)
    {
        var entries = await db.AuditEntries.Where(entry => entry.Action == ImportIntoCatalog.Act)
            .OrderByDescending(entry => entry.Id).Take(Imports).Select(AuditEntryResponse.FromEntry(db)).ToListAsync(cancellationToken);
        return [.. entries.Select(entry => (Entry: entry, Counts: entry.After.Deserialize<ImportCounts>(JsonSerializerOptions.Web)))
            .Select(import => new ImportStatistics
            {
                StartedAt = import.Entry.CreatedAt,
                ActorName = import.Entry.ActorName,
                Created = import.Counts.Created,
                Updated = import.Counts.Updated,
                Unchanged = import.Counts.Unchanged,
                Rejected = import.Counts.Rejected,
            })];
    }

    private sealed record CatalogCounts(long Movies, long Reviews, long Favorites, long?[] Histogram);
}
