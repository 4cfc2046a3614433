using MovieAspire.Api.Movies;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>A word that more movies have than a search ranks.</summary>
public sealed class FrequentWordTests(FrequentWordTests.Catalog api) : IClassFixture<FrequentWordTests.Catalog>
{
    private const int Movies = MovieSearch.MostRanked + 100;
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Most_popular_movies_are_found_and_the_one_of_that_title()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?search=the&includeTotal=true");

        Assert.Equal(["The", "The 815", "The 4711"], page.Items("title")[..3]);
        Assert.InRange(page.GetProperty("total").GetInt32(), MovieSearch.MostFound, MovieSearch.MostFound + 1);
    }

    [Fact]
    public async Task Unpopular_movies_are_found_where_no_popular_one_has_the_word()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?search=rare&includeTotal=true");

        Assert.Equal(MovieSearch.MostFound, page.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_give_each_movie_once()
    {
        var titles = await _client.WalkAsync("/api/v1/movies?search=the&limit=100", "title");

        Assert.Equal(titles.Distinct().Count(), titles.Count);
        Assert.InRange(titles.Count, MovieSearch.MostFound, MovieSearch.MostFound + 1);
    }

    [Theory]
    [InlineData("year=2000")]
    [InlineData("sort=title")]
    public async Task All_matches_count_with_a_filter_or_another_order(string query)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?search=the&includeTotal=true&{query}");

        Assert.Equal(Movies + 3, page.GetProperty("total").GetInt32());
    }

    public sealed class Catalog : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            await this.AddMovieAsync("The");
            await this.RateAsync(await this.AddMovieAsync("The 815"), 7, 7);
            await this.RateAsync(await this.AddMovieAsync("The 4711"), 5, 5, 5);
            await ExecuteAsync(
                $"INSERT INTO movies (title, release_date) SELECT 'Rare ' || n, '1999-01-01' FROM generate_series(1, {Movies}) n");
            await ExecuteAsync(
                $"INSERT INTO movies (title, release_date) SELECT 'The ' || n || ' th', '2000-01-01' FROM generate_series(1, {Movies}) n");
        }
    }
}
