using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Me;

public sealed class FavoriteTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Favorites_are_idempotent()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = api.CreateClient(await api.AddUserAsync("ann"));

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Put })
        {
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(ann, method, movie));
        }

        Assert.Equal(1, (await ann.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("favoriteCount").GetInt32());
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Delete })
        {
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(ann, method, movie));
        }

        Assert.Equal(0, (await ann.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("favoriteCount").GetInt32());
    }

    [Fact]
    public async Task Favorite_of_an_unknown_movie_is_404()
    {
        using var ann = api.CreateClient(await api.AddUserAsync("ann-2"));

        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(ann, HttpMethod.Put, 999_999));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(ann, HttpMethod.Delete, 999_999));
    }

    [Fact]
    public async Task Favorites_of_each_user_are_paged()
    {
        var ann = await api.AddUserAsync("ann-3");
        var bob = await api.AddUserAsync("bob-3");
        using var annsClient = api.CreateClient(ann);
        using var bobsClient = api.CreateClient(bob);
        List<string> kept = [];
        for (var i = 0; i < 7; i++)
        {
            var movie = await api.AddMovieAsync($"Movie {i}");
            kept.Add($"{movie}");
            await SendAsync(annsClient, HttpMethod.Put, movie);
            await SendAsync(bobsClient, HttpMethod.Put, movie);
        }

        var oldestFirst = await annsClient.WalkAsync("/api/v1/me/favorites?limit=3&sort=createdAt", "movie");
        Assert.Equal(kept, oldestFirst.Select(IdOf));
        Assert.Equal(Enumerable.Reverse(kept), (await annsClient.WalkAsync("/api/v1/me/favorites?limit=7", "movie")).Select(IdOf));

        var cursor = (await annsClient.GetJsonAsync("/api/v1/me/favorites?limit=3")).GetProperty("nextCursor");
        using var stolen = await bobsClient.GetAsync($"/api/v1/me/favorites?limit=3&cursor={cursor}");
        await stolen.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid_cursor");
    }

    [Fact]
    public async Task Favorites_are_no_store()
    {
        using var ann = api.CreateClient(await api.AddUserAsync("ann-4"));
        using var response = await ann.GetAsync("/api/v1/me/favorites");

        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    private static string IdOf(string movie) => System.Text.Json.JsonDocument.Parse(movie).RootElement.GetProperty("id").ToString();

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, HttpMethod method, long movie)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/me/favorites/{movie}");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
