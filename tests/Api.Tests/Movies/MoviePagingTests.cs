using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

public sealed class MoviePagingTests(MoviePagingTests.ManyMovies api) : IClassFixture<MoviePagingTests.ManyMovies>
{
    private const int Movies = 50;

    private readonly HttpClient _client = api.CreateClient();

    [Theory]
    [InlineData("title")]
    [InlineData("-title")]
    [InlineData("releaseDate")]
    [InlineData("-releaseDate")]
    [InlineData("rating")]
    [InlineData("-rating")]
    [InlineData("popularity")]
    [InlineData("-popularity")]
    [InlineData("updatedAt")]
    [InlineData("-updatedAt")]
    [InlineData("-relevance&search=movie")]
    public async Task Pages_of_any_size_add_up_to_the_whole_list_in_its_order(string sort)
    {
        var whole = (await _client.GetJsonAsync($"/api/v1/movies?sort={sort}&limit=100")).Items("id");

        Assert.Equal(Movies, whole.Distinct().Count());
        Assert.Equal(whole, await _client.WalkAsync($"/api/v1/movies?sort={sort}&limit=7", "id"));
        // The last page is exactly full, and is still marked as the last.
        Assert.Equal(whole, await _client.WalkAsync($"/api/v1/movies?sort={sort}&limit=10", "id"));
    }

    [Theory]
    [InlineData("If-None-Match", "*", HttpStatusCode.NotModified)]
    [InlineData("If-Match", "\"another\"", HttpStatusCode.PreconditionFailed)]
    public async Task Only_a_page_links_to_the_next_one(string header, string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies?limit=7") { Headers = { { header, value } } };

        using var page = await _client.GetAsync("/api/v1/movies?limit=7");
        using var response = await _client.SendAsync(request);

        Assert.True(page.Headers.Contains("Link"));
        Assert.Equal(status, response.StatusCode);
        Assert.False(response.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData("title")]
    [InlineData("-releaseDate")]
    [InlineData("-rating")]
    [InlineData("-popularity")]
    [InlineData("updatedAt")]
    [InlineData("-updatedAt")]
    public async Task Movie_is_neither_skipped_nor_repeated_while_others_change(string sort)
    {
        var before = (await _client.GetJsonAsync($"/api/v1/movies?sort={sort}&limit=100")).Items("id");
        var fresh = new List<string>();

        var seen = await _client.WalkAsync($"/api/v1/movies?sort={sort}&limit=9", "id", async () =>
        {
            var movie = await api.AddMovieAsync($"Movie {Guid.NewGuid()}", new(1950 + fresh.Count, 1, 1));
            await api.RateAsync(movie, 10, 1);
            fresh.Add($"{movie}");
        });

        Assert.Equal(before, seen.Except(fresh));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        await api.ExecuteAsync($"DELETE FROM movies WHERE title LIKE 'Movie ________-%'");
    }

    [Fact]
    public async Task Total_counts_what_matches_the_filters_on_every_page()
    {
        var first = await _client.GetJsonAsync("/api/v1/movies?genre=Even&limit=10&includeTotal=true");
        var second = await _client.GetJsonAsync($"/api/v1/movies?genre=Even&limit=10&includeTotal=true&cursor={first.GetProperty("nextCursor")}");

        Assert.Equal(Movies / 2, first.GetProperty("total").GetInt32());
        Assert.Equal(Movies / 2, second.GetProperty("total").GetInt32());
        Assert.False((await _client.GetJsonAsync("/api/v1/movies")).TryGetProperty("total", out _));
    }

    [Theory]
    [InlineData("sort=title", "sort=-title")]
    [InlineData("sort=title", "sort=releaseDate")]
    [InlineData("genre=Even", "")]
    [InlineData("", "genre=Even")]
    [InlineData("genre=Even", "genre=Odd")]
    [InlineData("search=movie", "search=movies")]
    public async Task Cursor_with_another_sort_or_filter_is_400(string given, string used)
    {
        var cursor = (await _client.GetJsonAsync($"/api/v1/movies?limit=5&{given}")).GetProperty("nextCursor");

        using var response = await _client.GetAsync($"/api/v1/movies?limit=5&{used}{(used == "" ? "" : "&")}cursor={cursor}");

        var problem = await response.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid_cursor");
        Assert.Equal(["cursor"], problem.Blamed());
    }

    [Fact]
    public async Task Cursor_is_valid_with_the_default_sort_by_name_and_with_another_limit()
    {
        var cursor = (await _client.GetJsonAsync("/api/v1/movies?limit=5&genre=Even&minRatings=0")).GetProperty("nextCursor");

        await _client.GetJsonAsync($"/api/v1/movies?minRatings=0&genre=Even&sort=-popularity&limit=6&includeTotal=true&cursor={cursor}");
    }

    [Fact]
    public async Task Cursor_with_any_character_changed_is_400()
    {
        var cursor = (await _client.GetJsonAsync("/api/v1/movies?sort=title&limit=5")).GetProperty("nextCursor").GetString()!;
        for (var i = 0; i < cursor.Length - 1; i++)
        {
            var damaged = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            using var response = await _client.GetAsync($"/api/v1/movies?sort=title&limit=5&cursor={damaged}");
            await response.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid_cursor");
        }
    }

    public sealed class ManyMovies : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            for (var i = 0; i < Movies; i++)
            {
                // Equal keys on purpose: the id must break the tie.
                var movie = await this.AddMovieAsync($"Movie {i % 5}", new(2000 + (i / 5), 1, 1), i % 2 == 0 ? "Even" : "Odd");
                await this.RateAsync(movie, [.. Enumerable.Range(1, i % 4)]);
            }
        }
    }
}
