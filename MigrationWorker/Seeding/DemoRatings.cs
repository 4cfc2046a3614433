using System.Numerics;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>A generated rating.</summary>
/// <param name="User">Number of the user.</param>
/// <param name="Movie">Position of the movie in the fixture.</param>
/// <param name="Value">1 to 10.</param>
/// <param name="At">When it was given.</param>
internal readonly record struct DemoRating(int User, int Movie, short Value, DateTime At);

/// <summary>
/// Generates ratings whose mean matches each movie's IMDb score as closely as their number allows. Well-known movies get more ratings, and
/// users who like a movie's genres rate it earlier and higher. Movies without a score get no ratings.
/// </summary>
internal static class DemoRatings
{
    private static readonly DateTime FirstDay = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private const int Seconds = 600 * 86_400;
    private const int FewestRatings = 6;

    public static IEnumerable<DemoRating> Generate(IReadOnlyList<MovieRecord> movies) =>
        movies.SelectMany((movie, position) => movie.ImdbRating is { } score ? Generate(movie, position, score) : []);

    private static IEnumerable<DemoRating> Generate(MovieRecord movie, int position, decimal score)
    {
        var users = DemoUser.All;
        var count = Count(movie.ImdbVotes ?? 0, users.Count);
        var raters = Ranked([.. users], movie, position, salt: 0)[..count];
        raters = Ranked(raters, movie, position, salt: 1);
        var values = Values(position, count, score);
        for (var i = 0; i < count; i++)
        {
            var user = raters[i].Number;
            var second = (long)(StableRandom.Hash(position, user + 2000) % Seconds);
            yield return new DemoRating(user, position, values[i], FirstDay.AddSeconds(second));
        }
    }

    /// <summary>Grows with the square of the logarithm of IMDb's number of votes, from a few ratings to one per user.</summary>
    private static int Count(int imdbVotes, int users)
    {
        // log2 in sixteenths, in integers: 64 stands for 16 votes, 304 for half a million.
        var whole = BitOperations.Log2((uint)Math.Max(imdbVotes, 16));
        var level = (whole * 16) + (int)(((ulong)Math.Max(imdbVotes, 16) - (1UL << whole)) * 16 >> whole) - 64;
        return Math.Min(users, FewestRatings + ((users - FewestRatings) * level * level / (240 * 240)));
    }

    private static DemoUser[] Ranked(DemoUser[] users, MovieRecord movie, int position, int salt)
    {
        var ranks = Array.ConvertAll(users, user => Rank(user, movie, position, salt));
        Array.Sort(ranks, users);
        return users;
    }

    private static long Rank(DemoUser user, MovieRecord movie, int position, int salt) =>
        (long)(StableRandom.Hash(position, user.Number + (salt * 1000)) >> 40) - (user.Affinity(movie) * (1L << 22));

    /// <summary>Values around the score, highest first. Their sum is the rounded product of the score and their number.</summary>
    private static short[] Values(int position, int count, decimal score)
    {
        var random = new StableRandom((ulong)position);
        var middle = (int)Math.Round(score, MidpointRounding.AwayFromZero);
        var values = new short[count];
        var missing = (int)Math.Round(score * count, MidpointRounding.AwayFromZero);
        for (var i = 0; i < count; i++)
        {
            values[i] = (short)Math.Clamp(middle + random.Next(4) - random.Next(4), 1, 10);
            missing -= values[i];
        }

        for (var i = 0; missing != 0; i = (i + 1) % count)
        {
            var step = Math.Sign(missing);
            if (values[i] + step is >= 1 and <= 10)
            {
                values[i] += (short)step;
                missing -= step;
            }
        }

        Array.Sort(values);
        Array.Reverse(values);
        return values;
    }
}
