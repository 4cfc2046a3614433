using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.Admin;

internal static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder api) => api.MapGet("/admin/statistics", GetAsync)
        .WithTags("Administration").WithName("getStatistics").WithoutCaching().RequireAuthorization(Policies.Moderator);

    /// <summary>Get statistics of the catalog</summary>
    /// <remarks>Counts, the last 30 days, the latest days with ratings, and the latest imports. For moderators, too. The numbers are up to 5 seconds old.</remarks>
    internal static async Task<Ok<Statistics>> GetAsync(StatisticsCache statistics, CancellationToken cancellationToken) =>
        TypedResults.Ok(await statistics.GetAsync(cancellationToken));
}

/// <summary>How much there is of everything, and what was added lately.</summary>
public sealed record Statistics
{
    /// <summary>When the numbers were read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required long Movies { get; init; }

    public required long Users { get; init; }

    public required long Ratings { get; init; }

    public required long Reviews { get; init; }

    public required long Favorites { get; init; }

    /// <summary>Reports of reviews that no moderator has resolved.</summary>
    public required long OpenReports { get; init; }

    /// <summary>Ten counts: the number of ratings of 1, 2, … 10.</summary>
    public required IReadOnlyList<long> RatingHistogram { get; init; }

    /// <summary>The last 30 days (UTC), the oldest first; the last is today.</summary>
    public required IReadOnlyList<DayStatistics> Days { get; init; }

    /// <summary>
    /// The 30 days (UTC) up to the latest rating, the oldest first, where the last 30 days have no rating. Empty otherwise.
    /// </summary>
    public required IReadOnlyList<DayStatistics> LatestRatedDays { get; init; }

    /// <summary>The five latest imports by admins, newest first.</summary>
    public required IReadOnlyList<ImportStatistics> Imports { get; init; }
}

/// <summary>What was added on a day, without what was deleted since.</summary>
public sealed record DayStatistics
{
    public required DateOnly Date { get; init; }

    /// <summary>First ratings of a movie by a user; a change of one does not count again.</summary>
    public required long Ratings { get; init; }

    public required long NewUsers { get; init; }
}

/// <summary>What an import did so far.</summary>
public sealed record ImportStatistics
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The user id of the admin, also where the account is deleted.</summary>
    public required long? ActorId { get; init; }

    /// <summary>The display name of the admin; null where the account is deleted.</summary>
    public required string? ActorName { get; init; }

    public required long Created { get; init; }

    public required long Updated { get; init; }

    public required long Unchanged { get; init; }

    public required long Rejected { get; init; }
}

/// <summary>
/// Caches the statistics for 5 seconds, because they are expensive: with 5 million ratings by 50,000 users of 100,000 movies, reading them
/// takes about 0.4 s, mostly for the daily counts.
/// </summary>
internal sealed class StatisticsCache(HybridCache cache, IServiceScopeFactory scopes)
{
    private const int Days = 30;
    private const int Imports = 5;

    private static readonly HybridCacheEntryOptions Lifetime = new() { Expiration = TimeSpan.FromSeconds(5) };

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
        var counts = (await db.Database.SqlQuery<CatalogCounts>(
            $"""
            SELECT count(*) AS "Movies", coalesce(sum(review_count), 0) AS "Reviews", coalesce(sum(favorite_count), 0) AS "Favorites",
                ARRAY[sum(rating_histogram[1]), sum(rating_histogram[2]), sum(rating_histogram[3]), sum(rating_histogram[4]),
                    sum(rating_histogram[5]), sum(rating_histogram[6]), sum(rating_histogram[7]), sum(rating_histogram[8]),
                    sum(rating_histogram[9]), sum(rating_histogram[10])]::bigint[] AS "Histogram"
            FROM movie_stats
            """).ToListAsync(cancellationToken))[0];
        var histogram = counts.Histogram.Select(count => count ?? 0).ToList();
        var days = await ReadDaysAsync(db, today, cancellationToken);
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
            Days = days,
            LatestRatedDays = days.All(day => day.Ratings == 0) && await FindLatestRatingAsync(db, days[0].Date, cancellationToken) is { } latest
                ? await ReadDaysAsync(db, latest, cancellationToken)
                : [],
            Imports = await ReadImportsAsync(db, cancellationToken),
        };
    }

    private static async Task<List<DayStatistics>> ReadDaysAsync(MovieDbContext db, DateOnly last, CancellationToken cancellationToken)
    {
        var (since, until) = (Midnight(last.AddDays(1 - Days)), Midnight(last.AddDays(1)));
        var newUsers = await CountByDayAsync(
            db.Users.Where(user => user.CreatedAt >= since && user.CreatedAt < until).Select(user => user.CreatedAt), cancellationToken);
        // Grouped by user, because the index has each user's ratings by time: one index scan per user instead of a scan of all ratings.
        var ratings = await CountByDayAsync(
            db.Users.SelectMany(user => db.Ratings.Where(
                rating => rating.UserId == user.Id && rating.CreatedAt >= since && rating.CreatedAt < until)).Select(rating => rating.CreatedAt),
            cancellationToken);
        return
        [
            .. Enumerable.Range(1 - Days, Days).Select(last.AddDays).Select(day => new DayStatistics
            {
                Date = day,
                Ratings = ratings.GetValueOrDefault(day),
                NewUsers = newUsers.GetValueOrDefault(day),
            }),
        ];
    }

    /// <summary>The day of the latest rating before a day, by each user's own, which the index has; null where there is none.</summary>
    private static async Task<DateOnly?> FindLatestRatingAsync(MovieDbContext db, DateOnly before, CancellationToken cancellationToken)
    {
        var until = Midnight(before);
        var latest = await db.Users
            .Select(user => db.Ratings.Where(rating => rating.UserId == user.Id && rating.CreatedAt < until).Max(rating => (DateTimeOffset?)rating.CreatedAt))
            .MaxAsync(cancellationToken);
        return latest is { } time ? DateOnly.FromDateTime(time.UtcDateTime) : null;
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

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
                ActorId = import.Entry.ActorId,
                ActorName = import.Entry.ActorName,
                Created = import.Counts.Created,
                Updated = import.Counts.Updated,
                Unchanged = import.Counts.Unchanged,
                Rejected = import.Counts.Rejected,
            })];
    }

    private sealed record CatalogCounts(long Movies, long Reviews, long Favorites, long?[] Histogram);
}
