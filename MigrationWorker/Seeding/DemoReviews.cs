namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>A generated review, with the numbers of the users who found it helpful.</summary>
internal sealed record DemoReview(DemoRating Rating, string Title, string Body, bool ContainsSpoilers, int[] HelpfulTo);

/// <summary>
/// Generates reviews for one rating in twenty, with a text that fits the rating, and favorites for one in eight of the best ratings.
/// </summary>
internal static class DemoReviews
{
    private const string Notice = "[Generated for the demonstration; nobody's opinion.]";

    // Do not change the texts: existing databases contain them, and would differ from new ones.
    private static readonly string[][] Verdicts =
    [
        ["Not for me", "A long evening", "Better left alone"],
        ["Has its moments", "Neither good nor bad", "Good for a rainy day"],
        ["Well worth seeing", "Better than expected", "Stays with you"],
        ["A favourite", "Close to perfect", "Seen it twice, would again"],
    ];

    private static readonly string[][] Sentences =
    [
        ["The story never finds its pace.", "Little of it is left the day after.", "Even the best scenes come too late."],
        ["Some scenes work, others drag.", "The cast does what the script allows.", "It does no harm and asks for little."],
        ["The pace is right from the first scene on.", "The ending is earned.", "There is more in it than the first look shows."],
        ["Hardly a scene could be missed.", "It gets better each time.", "Everything in it serves the story."],
    ];

    public static IEnumerable<DemoReview> Generate(IReadOnlyList<MovieRecord> movies, IEnumerable<DemoRating> ratings) =>
        from rating in ratings
        let draw = StableRandom.Hash(rating.Movie, rating.User + 3000)
        where draw % 20 == 0
        select Write(movies[rating.Movie], rating, draw / 20);

    public static bool IsFavorite(DemoRating rating) => rating.Value >= 9 && StableRandom.Hash(rating.Movie, rating.User + 4000) % 8 == 0;

    private static DemoReview Write(MovieRecord movie, DemoRating rating, ulong draw)
    {
        var mood = rating.Value switch { <= 4 => 0, <= 6 => 1, <= 8 => 2, _ => 3 };
        var random = new StableRandom(draw);
        var (verdict, sentence) = (Verdicts[mood][random.Next(3)], Sentences[mood][random.Next(3)]);
        var about = $"“{movie.Title}” ({movie.ReleaseDate.Year}){(movie.Director is null ? "" : $" by {movie.Director}")}.";
        var helpfulTo = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(DemoUser.All.Count))
            .Where(user => user != rating.User).Distinct().Order().ToArray();
        return new DemoReview(rating, verdict, $"{about} {sentence} {rating.Value} of 10. {Notice}", random.Next(25) == 0, helpfulTo);
    }
}
