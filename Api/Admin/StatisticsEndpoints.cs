using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;

namespace MovieAspire.Api.Admin;

internal static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder api) => api.MapGet("/admin/statistics", GetAsync)
        .WithTags("Administration").WithName("getStatistics").WithoutCaching().RequireAuthorization(Policies.Moderator);

    /// <summary>Get statistics of the catalog</summary>
    /// <remarks>Counts, the last 30 days, and the latest imports. For moderators, too. The numbers are up to 30 seconds old.</remarks>
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

    /// <summary>The display name of the admin; null where the account is deleted.</summary>
    public required string? ActorName { get; init; }

    public required long Created { get; init; }

    public required long Updated { get; init; }

    public required long Unchanged { get; init; }

    public required long Rejected { get; init; }
}
