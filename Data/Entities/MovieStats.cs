namespace MovieAspire.Data.Entities;

/// <summary>
/// What people's votes, reviews and favourites add up to for one film. Triggers keep it exact in the transaction
/// that changes them; nothing else writes here.
/// </summary>
public sealed class MovieStats
{
    public long MovieId { get; private set; }

    /// <summary>Ten counts: how many rated the film 1, 2, … 10.</summary>
    public int[] RatingHistogram { get; private set; } = null!;

    /// <summary>How many rated the film.</summary>
    public int RatingCount { get; private set; }

    /// <summary>Sum of their votes.</summary>
    public int RatingSum { get; private set; }

    /// <summary>Mean of the votes with two decimals; null without votes.</summary>
    public decimal? AverageRating { get; private set; }

    /// <summary>
    /// Bayesian average, which films are ranked by: the mean of the votes and of <see cref="PriorVotes"/> more of
    /// <see cref="PriorRating"/>, so that three votes of 10 do not lead.
    /// </summary>
    public double Score { get; private set; }

    /// <summary>How many reviewed it.</summary>
    public int ReviewCount { get; private set; }

    /// <summary>How many keep it as a favourite.</summary>
    public int FavoriteCount { get; private set; }

    /// <summary>Weight of the prior in votes. A constant, so that a film's score depends on its own votes only.</summary>
    public const int PriorVotes = 20;

    /// <summary>What a film without votes is taken for.</summary>
    public const int PriorRating = 6;
}
