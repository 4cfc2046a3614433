using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

public sealed class SimilarMovieTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Movies_of_the_same_raters_are_similar_and_universal_favorites_less_so()
    {
        var alien = await api.AddMovieAsync("Alien");
        var aliens = await api.AddMovieAsync("Aliens");
        var hit = await api.AddMovieAsync("Everybody's hit");
        var disliked = await api.AddMovieAsync("Disliked");
        var unseen = await api.AddMovieAsync("Unseen");
        for (var i = 0; i < 4; i++)
        {
            await RateAsync($"fan-{i}", (alien, 9), (aliens, 8), (hit, 10), (disliked, 7));
        }

        for (var i = 0; i < 40; i++)
        {
            await RateAsync($"other-{i}", (hit, 9), (unseen, 10));
        }

        var similar = await _client.GetJsonAsync($"/api/v1/movies/{alien}/similar");

        Assert.Equal([$"{aliens}", $"{hit}"], similar.Items("id"));
        Assert.Equal(similar.Items("id"), await _client.WalkAsync($"/api/v1/movies/{alien}/similar?limit=1", "id"));
        Assert.Equal([$"{hit}"], (await _client.GetJsonAsync($"/api/v1/movies/{unseen}/similar")).Items("id"));
    }

    [Fact]
    public async Task Newest_movies_count_of_a_rater_with_hundreds()
    {
        var rated = await api.AddMovieAsync("Rated");
        await api.ExecuteAsync($"INSERT INTO movies (title, release_date) SELECT 'Loved ' || n, date '2000-01-01' FROM generate_series(1, 301) n");
        var user = await api.AddUserAsync("lover");
        await api.ExecuteAsync($"INSERT INTO ratings (user_id, movie_id, value) SELECT {user}, id, 8 FROM movies WHERE id = {rated} OR title LIKE 'Loved %'");
        var oldest = await api.ScalarAsync<long>($"SELECT min(id) FROM movies WHERE title LIKE 'Loved %'");

        var similar = await _client.WalkAsync($"/api/v1/movies/{rated}/similar?limit=100", "id");

        Assert.Equal(300, similar.Count);
        Assert.DoesNotContain($"{oldest}", similar);
    }

    [Fact]
    public async Task Movie_without_ratings_has_no_similar_movies_and_an_unknown_movie_is_404()
    {
        var lonely = await api.AddMovieAsync("Lonely");

        Assert.Empty((await _client.GetJsonAsync($"/api/v1/movies/{lonely}/similar")).Items("id"));
        using var nothing = await _client.GetAsync("/api/v1/movies/999999/similar");
        await nothing.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private async Task RateAsync(string name, params (long Movie, int Value)[] ratings)
    {
        var user = await api.AddUserAsync(name);
        foreach (var (movie, value) in ratings)
        {
            await api.ExecuteAsync($"INSERT INTO ratings (user_id, movie_id, value) VALUES ({user}, {movie}, {(short)value})");
        }
    }
}
