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

        var (crime, drama) = (await IdAsync("crime"), await IdAsync("Drama"));
        Assert.Equal(
            $$"""{"items":[{"id":{{crime}},"name":"crime","movieCount":2},{"id":{{drama}},"name":"Drama","movieCount":1}]}""", genres.GetRawText());
    }

    private Task<long> IdAsync(string name) => api.ScalarAsync<long>($"SELECT id FROM genres WHERE name = {name}");
}
