using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

public sealed class MovieListTests(MovieListTests.Catalog api) : IClassFixture<MovieListTests.Catalog>
{
    private readonly HttpClient _client = api.CreateClient();

    [Theory]
    [InlineData("title", "Alien,amelie,Brazil,Élan,Zodiac")]
    [InlineData("-title", "Zodiac,Élan,Brazil,amelie,Alien")]
    [InlineData("releaseDate", "Alien,Brazil,amelie,Zodiac,Élan")]
    [InlineData("-releaseDate", "Élan,Zodiac,amelie,Brazil,Alien")]
    [InlineData("rating", "Zodiac,Élan,amelie,Brazil,Alien")]
    [InlineData("-rating", "Alien,Brazil,amelie,Élan,Zodiac")]
    [InlineData("popularity", "amelie,Élan,Zodiac,Brazil,Alien")]
    [InlineData("-popularity", "Alien,Brazil,Zodiac,Élan,amelie")]
    public async Task Sort_orders_the_list(string sort, string expected)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?sort={sort}");

        Assert.Equal(expected, string.Join(',', page.Items("title")));
    }

    [Fact]
    public async Task Default_sort_is_most_popular_first() =>
        Assert.Equal(
            (await _client.GetJsonAsync("/api/v1/movies?sort=-popularity")).Items("id"),
            (await _client.GetJsonAsync("/api/v1/movies")).Items("id"));

    [Fact]
    public async Task Three_ratings_of_10_do_not_rank_first()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?sort=-rating");

        Assert.Equal(["Alien", "Brazil"], page.Items("title").Take(2));
        Assert.Equal(["9", "10"], page.Items("averageRating").Take(2).Select(mean => mean.Split('.')[0]));
    }

    [Theory]
    [InlineData("genre=Drama", "Alien,amelie")]
    [InlineData("genre=drama&genre=COMEDY", "amelie")]
    [InlineData("genre=Nothing", "")]
    [InlineData("year=1985", "Brazil")]
    [InlineData("releasedFrom=1985-02-20", "Brazil,Zodiac,amelie,Élan")]
    [InlineData("releasedTo=1985-02-20", "Alien,Brazil")]
    [InlineData("releasedFrom=1985-02-21&releasedTo=2007-03-01", "amelie")]
    [InlineData("year=2007&releasedFrom=2007-03-03", "")]
    [InlineData("minRating=9", "Alien,Brazil")]
    [InlineData("minRating=9.5", "Brazil")]
    [InlineData("minRatings=3", "Alien,Brazil")]
    [InlineData("minRatings=1&genre=Thriller", "Zodiac")]
    public async Task Filter_selects_movies(string filter, string expected)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?{filter}&includeTotal=true");

        var titles = page.Items("title").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, string.Join(',', titles));
        Assert.Equal(titles.Length, page.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task UpdatedSince_excludes_movies_that_have_not_changed()
    {
        await api.ExecuteAsync($"UPDATE movies SET director = 'Terry Gilliam' WHERE title = 'Brazil'");
        var changed = await api.ScalarAsync<DateTime>($"SELECT updated_at FROM movies WHERE title = 'Brazil'");

        var page = await _client.GetJsonAsync($"/api/v1/movies?updatedSince={changed:yyyy-MM-ddTHH:mm:ss.ffffff}Z");

        Assert.Equal(["Brazil"], page.Items("title"));
        Assert.Equal("Brazil", (await _client.GetJsonAsync("/api/v1/movies?sort=-updatedAt")).Items("title")[0]);
    }

    [Fact]
    public async Task Movie_in_a_list_has_details_and_aggregates()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?year=2001");

        var movie = page.GetProperty("items")[0];
        Assert.Equal(
            ["id", "title", "releaseDate", "runtimeMinutes", "genres", "averageRating", "ratingCount", "reviewCount", "updatedAt"],
            movie.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2001-04-25", movie.GetProperty("releaseDate").GetString());
        Assert.Equal("""["Comedy","Drama"]""", movie.GetProperty("genres").GetRawText());
    }

    public sealed class Catalog : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            await this.RateAsync(await this.AddMovieAsync("Alien", new(1979, 5, 25), "Drama"), [.. Enumerable.Repeat(9, 20)]);
            await this.RateAsync(await this.AddMovieAsync("Brazil", new(1985, 2, 20)), 10, 10, 10);
            await this.AddMovieAsync("amelie", new(2001, 4, 25), "Drama", "Comedy");
            await this.RateAsync(await this.AddMovieAsync("Élan", new(2010, 1, 1)), 5);
            await this.RateAsync(await this.AddMovieAsync("Zodiac", new(2007, 3, 2), "Thriller"), 2);
        }
    }
}
