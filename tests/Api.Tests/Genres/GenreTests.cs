using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Genres;

public sealed class GenreTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Genres_are_sorted_by_name_with_movie_counts()
    {
        using var client = api.CreateClient();
        await api.AddMovieAsync("Heat", null, "Drama", "crime");
        await api.AddMovieAsync("Zodiac", null, "Crime");

        var genres = await client.GetJsonAsync("/api/v1/genres");

        Assert.Equal("""{"items":[{"name":"crime","movieCount":2},{"name":"Drama","movieCount":1}]}""", genres.GetRawText());
    }
}
