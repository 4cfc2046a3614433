using System.Net;
using System.Net.Http.Headers;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

public sealed class MovieDetailTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Movie_has_details_ratings_and_counts()
    {
        var id = await api.AddMovieAsync("Heat", new(1995, 12, 15), "Crime", "Drama");
        await api.RateAsync(id, 8, 8, 10);

        var movie = await _client.GetJsonAsync($"/api/v1/movies/{id}");

        Assert.Equal("Heat", movie.GetProperty("title").GetString());
        Assert.Equal("1995-12-15", movie.GetProperty("releaseDate").GetString());
        Assert.Equal("""["Crime","Drama"]""", movie.GetProperty("genres").GetRawText());
        Assert.Equal(8.67m, movie.GetProperty("averageRating").GetDecimal());
        Assert.Equal(3, movie.GetProperty("ratingCount").GetInt32());
        Assert.Equal(0, movie.GetProperty("reviewCount").GetInt32());
        Assert.Equal(0, movie.GetProperty("favoriteCount").GetInt32());
        Assert.Equal("[0,0,0,0,0,0,0,2,0,1]", movie.GetProperty("ratingHistogram").GetRawText());
    }

    [Fact]
    public async Task Movie_that_has_not_changed_is_304()
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Alien")}";
        var tag = await TagOfAsync(path);

        Assert.False(tag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, await AskWithAsync(path, tag.Tag));
        Assert.Equal(HttpStatusCode.NotModified, await AskWithAsync(path, $"\"other\", W/{tag.Tag}"));
        Assert.Equal(HttpStatusCode.NotModified, await AskWithAsync(path, "*"));
        Assert.Equal(HttpStatusCode.OK, await AskWithAsync(path, "\"other\""));
    }

    [Fact]
    public async Task Reading_only_if_it_is_still_the_same_is_412_after_a_rating()
    {
        var id = await api.AddMovieAsync("Solaris");
        var path = $"/api/v1/movies/{id}";
        var tag = await TagOfAsync(path);
        using var same = await _client.SendAsync("GET", path, ifMatch: tag.Tag);
        using var any = await _client.SendAsync("GET", path, ifMatch: "*");

        await api.RateAsync(id, 7);
        using var other = await _client.SendAsync("GET", path, ifMatch: tag.Tag);

        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
        await other.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task Rating_changes_the_ETag()
    {
        var id = await api.AddMovieAsync("Brazil");
        var before = await TagOfAsync($"/api/v1/movies/{id}");

        await api.RateAsync(id, 7);

        Assert.Equal(HttpStatusCode.OK, await AskWithAsync($"/api/v1/movies/{id}", before.Tag));
        Assert.NotEqual(before, await TagOfAsync($"/api/v1/movies/{id}"));
    }

    [Fact]
    public async Task List_that_has_not_changed_is_304()
    {
        var id = await api.AddMovieAsync("Only one of 1901", new(1901, 1, 1));
        var tag = await TagOfAsync("/api/v1/movies?year=1901");

        Assert.Equal(HttpStatusCode.NotModified, await AskWithAsync("/api/v1/movies?year=1901", tag.Tag));
        await api.RateAsync(id, 7);
        Assert.Equal(HttpStatusCode.OK, await AskWithAsync("/api/v1/movies?year=1901", tag.Tag));
    }

    [Fact]
    public async Task Cached_response_must_be_revalidated()
    {
        using var response = await _client.GetAsync($"/api/v1/movies/{await api.AddMovieAsync("Zodiac")}");

        Assert.Equal("public, no-cache", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task Unknown_movie_is_404(string id)
    {
        using var response = await _client.GetAsync($"/api/v1/movies/{id}");

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<EntityTagHeaderValue> TagOfAsync(string path)
    {
        using var response = await _client.GetAsync(path);
        return response.Headers.ETag!;
    }

    private async Task<HttpStatusCode> AskWithAsync(string path, string tags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", tags } } };
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }
}
