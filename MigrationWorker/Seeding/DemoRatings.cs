using System.Numerics;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Votes whose mean follows each film's known score to the nearest vote: the better known a film, the more people vote, and
/// who likes its genres sooner and higher than others. Films without a known score get none.
/// </summary>
internal static class DemoRatings
{
    private static readonly DateTime FirstDay = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private const int Seconds = 600 * 86_400;
    private const int FewestVotes = 6;

    public static IEnumerable<DemoRating> Generate(IReadOnlyList<MovieRecord> films) =>
        films.SelectMany((film, position) => film.ImdbRating is { } score ? Generate(film, position, score) : []);

    private static IEnumerable<DemoRating> Generate(MovieRecord film, int position, decimal score)
    {
        var people = DemoUser.All;
        var count = Count(film.ImdbVotes ?? 0, people.Count);
        var voters = Ranked([.. people], film, position, salt: 0)[..count];
        voters = Ranked(voters, film, position, salt: 1);
        var values = Values(position, count, score);
        for (var i = 0; i < count; i++)
        {
            var person = voters[i].Number;
            var second = (long)(StableRandom.Hash(position, person + 2000) % Seconds);
            yield return new DemoRating(person, position, values[i], FirstDay.AddSeconds(second));
        }
    }

    /// <summary>From few votes to everybody's, with the square of the logarithm of the votes that IMDb counted.</summary>
    private static int Count(int imdbVotes, int people)
    {
        // log2 in sixteenths, in integers: 64 stands for 16 votes, 304 for half a million.
        var whole = BitOperations.Log2((uint)Math.Max(imdbVotes, 16));
        var level = (whole * 16) + (int)(((ulong)Math.Max(imdbVotes, 16) - (1UL << whole)) * 16 >> whole) - 64;
        return Math.Min(people, FewestVotes + ((people - FewestVotes) * level * level / (240 * 240)));
    }

    private static DemoUser[] Ranked(DemoUser[] people, MovieRecord film, int position, int salt)
    {
        var ranks = Array.ConvertAll(people, person => Rank(person, film, position, salt));
        Array.Sort(ranks, people);
        return people;
    }

    private static long Rank(DemoUser person, MovieRecord film, int position, int salt) =>
        (long)(StableRandom.Hash(position, person.Number + (salt * 1000)) >> 40) - (person.Affinity(film) * (1L << 22));

    /// <summary>Values around the score, highest first, whose sum is the score's share of the votes, rounded.</summary>
    private static short[] Values(int position, int count, decimal score)
    {
        var random = new StableRandom((ulong)position);
        var middle = (int)Math.Round(score, MidpointRounding.AwayFromZero);
        var values = new short[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (short)Math.Clamp(middle + random.Next(4) - random.Next(4), 1, 10);
        }

        var missing = (int)Math.Round(score * count, MidpointRounding.AwayFromZero) - values.Sum(value => value);
        for (var i = 0; missing != 0; i = (i + 1) % count)
        {
            var step = Math.Sign(missing);
            if (values[i] + step is >= 1 and <= 10)
            {
                values[i] = (short)(values[i] + step);
                missing -= step;
            }
        }

        Array.Sort(values, (a, b) => b - a);
        return values;
    }
}

/// <summary>One generated vote.</summary>
/// <param name="Person">Number of the person.</param>
/// <param name="Film">Position of the film in the fixture.</param>
/// <param name="Value">1 to 10.</param>
/// <param name="At">When it was given.</param>
internal readonly record struct DemoRating(int Person, int Film, short Value, DateTime At);
