using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>How often a search among the real movies of the seed finds the one that was meant.</summary>
public sealed class SearchQualityTests(SearchQualityTests.Catalog api) : IClassFixture<SearchQualityTests.Catalog>
{
    private const int Misspelled = 200;
    private const int LettersOfBeginning = 5;
    private static readonly string[] Titles = [.. File.ReadLines(Repository.PathOf("MigrationWorker/Seeding/movies.ndjson"))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("title").GetString()!)];

    private readonly HttpClient _client = api.CreateClient();

    /// <summary>A part of the titles, and a larger one of those that are more than letters.</summary>
    [Fact]
    public async Task Every_title_finds_its_movie_first() =>
        Assert.Empty(await MissedAsync(
            Titles.Where((title, index) => index % 16 == 0
                    || (index % 4 == 1 && title.Any(letter => !char.IsAsciiLetter(letter) && letter != ' ')))
                .Select(title => (title, title)),
            amongFirst: 1));

    [Fact]
    public async Task Beginning_of_a_title_finds_its_movie_among_the_first_three()
    {
        var searches = Titles.Where((title, index) => index % 16 == 0 && title.Length > LettersOfBeginning)
            .Select(title => (title, title[..Math.Max(LettersOfBeginning, title.Length * 3 / 4)]))
            .ToList();

        var missed = await MissedAsync(searches, amongFirst: 3);

        Assert.True(missed.Count <= searches.Count / 20, $"{missed.Count} of {searches.Count}: {string.Join("; ", missed)}");
    }

    [Fact]
    public async Task Misspelled_title_finds_its_movie_among_the_first_three()
    {
        var random = new Random(1);
        var titles = Titles.Where(title => title.Count(char.IsLetter) > LettersOfBeginning).ToArray();
        random.Shuffle(titles);

        var missed = await MissedAsync(titles.Take(Misspelled).Select(title => (title, Misspell(title, random))), amongFirst: 3);

        Assert.True(missed.Count <= Misspelled / 20, $"{missed.Count} of {Misspelled}: {string.Join("; ", missed)}");
    }

    private async Task<List<string>> MissedAsync(IEnumerable<(string Title, string Search)> searches, int amongFirst)
    {
        List<string> missed = [];
        await Parallel.ForEachAsync(searches, async (search, cancellation) =>
        {
            var page = await _client.GetJsonAsync($"/api/v1/movies?limit={amongFirst}&search={Uri.EscapeDataString(search.Search)}");
            if (!page.Items("title").Contains(search.Title, StringComparer.OrdinalIgnoreCase))
            {
                lock (missed)
                {
                    missed.Add($"{search.Search} ({search.Title})");
                }
            }
        });
        return missed;
    }

    /// <summary>One slip of the fingers: two letters swapped, one left out, one doubled or one beside the right one.</summary>
    private static string Misspell(string title, Random random)
    {
        int at;
        do
        {
            at = random.Next(1, title.Length - 1);
        }
        while (!char.IsLetter(title[at]) || !char.IsLetter(title[at + 1]) || title[at] == title[at + 1]);

        return random.Next(4) switch
        {
            0 => $"{title[..at]}{title[at + 1]}{title[at]}{title[(at + 2)..]}",
            1 => title.Remove(at, 1),
            2 => title.Insert(at, title[at].ToString()),
            _ => $"{title[..at]}{(char.ToLowerInvariant(title[at]) is 'z' ? 'a' : (char)(char.ToLowerInvariant(title[at]) + 1))}{title[(at + 1)..]}",
        };
    }

    /// <summary>The movies of the seed, as popular as the votes that IMDb counted make them.</summary>
    public sealed class Catalog : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            var movies = await File.ReadAllTextAsync(Repository.PathOf("MigrationWorker/Seeding/movies.ndjson"));
            await ExecuteAsync($"""
                INSERT INTO movies (title, release_date, director, imdb_votes)
                SELECT m ->> 'title', (m ->> 'releaseDate')::date, m ->> 'director', (m ->> 'imdbVotes')::integer
                FROM regexp_split_to_table({movies.TrimEnd()}, '\n') AS line, LATERAL (SELECT line::jsonb AS m) AS parsed
                """);
            await ExecuteAsync($"""
                UPDATE movie_stats SET rating_histogram[7] = imdb_votes / 1000
                FROM movies WHERE id = movie_id AND imdb_votes >= 1000
                """);
            await ExecuteAsync(
                $"SELECT gin_clean_pending_list('ix_movies_search_vector'), gin_clean_pending_list('ix_movies_sort_title_trigrams')");
            await ExecuteAsync($"ANALYZE movies, movie_stats");
        }
    }
}
