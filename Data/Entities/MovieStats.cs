namespace MovieAspire.Data.Entities;

/// <summary>
/// The aggregates of one movie's ratings, reviews and favorites. Triggers keep them exact in the transaction
/// that changes those; nothing else writes here.
/// </summary>
public sealed class MovieStats
{
    public long MovieId { get; private set; }

    /// <summary>Ten counts: how many users rated the movie 1, 2, … 10.</summary>
    public int[] RatingHistogram { get; private set; } = null!;

    /// <summary>Number of ratings.</summary>
    public int RatingCount { get; private set; }

    /// <summary>Sum of the ratings.</summary>
    public int RatingSum { get; private set; }

    /// <summary>Mean of the ratings with two decimals; null without ratings.</summary>
    public decimal? AverageRating { get; private set; }

    /// <summary>
    /// Bayesian average, which movies are ranked by: the mean of the ratings and of <see cref="PriorWeight"/> more of
    /// <see cref="PriorMean"/>, so that three ratings of 10 do not lead.
    /// </summary>
    public double Score { get; private set; }

    /// <summary>Number of reviews.</summary>
    public int ReviewCount { get; private set; }

    /// <summary>Number of users who have it among their favorites.</summary>
    public int FavoriteCount { get; private set; }

    /// <summary>Weight of the prior in ratings. A constant, so that a movie's score depends on its own ratings only.</summary>
    public const int PriorWeight = 20;

    /// <summary>Score of a movie without ratings.</summary>
    public const int PriorMean = 6;
}
