using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests;

/// <summary>One user's journey through the API, following only what the responses say.</summary>
public sealed class JourneyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task User_registers_logs_in_searches_rates_reviews_adds_a_favorite_exports_and_deletes_the_account()
    {
        await api.AddMovieAsync("The Shawshank Redemption", new(1994, 10, 14), "Drama");
        using var client = api.CreateClient();
        var credentials = new { email = "andy@example.com", password = "zihuatanejo by the sea" };

        await ExpectAsync(HttpStatusCode.OK, client.PostAsJsonAsync("/api/v1/auth/register", credentials));
        var tokens = await ExpectAsync(HttpStatusCode.OK, client.PostAsJsonAsync("/api/v1/auth/login", credentials));
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());

        var found = await client.GetJsonAsync("/api/v1/movies?search=shawshenk");
        var movie = $"/api/v1/movies/{found.Items("id").Single()}";
        await ExpectAsync(HttpStatusCode.OK, client.PutAsJsonAsync($"{movie}/rating", new { value = 10 }));
        var review = await ExpectAsync(HttpStatusCode.Created, client.PostAsJsonAsync($"{movie}/reviews", new { title = "Hope", body = "Get busy living." }));
        await ExpectAsync(HttpStatusCode.NoContent, client.PutAsync($"/api/v1/me/favorites/{found.Items("id").Single()}", null));
        await ExpectAsync(HttpStatusCode.OK, client.SendAsync("PATCH", "/api/v1/me", """{"displayName":"Andy"}""", "application/merge-patch+json"));

        var detail = await client.GetJsonAsync(movie);
        Assert.Equal(10, detail.GetProperty("averageRating").GetDecimal());
        Assert.All(["ratingCount", "reviewCount", "favoriteCount"], name => Assert.Equal(1, detail.GetProperty(name).GetInt32()));
        var reviews = await client.GetJsonAsync($"{movie}/reviews");
        Assert.Equal("Andy", reviews.GetProperty("items")[0].GetProperty("author").GetProperty("displayName").GetString());

        var export = (await client.GetJsonAsync("/api/v1/me/export")).GetRawText();
        Assert.All(["andy@example.com", "Andy", "Get busy living."], held => Assert.Contains(held, export, StringComparison.Ordinal));

        await ExpectAsync(HttpStatusCode.NoContent, client.DeleteAsync("/api/v1/me"));
        await ExpectAsync(HttpStatusCode.Unauthorized, client.GetAsync("/api/v1/me"));
        await ExpectAsync(HttpStatusCode.Unauthorized, client.PostAsJsonAsync("/api/v1/auth/login", credentials));
        using var anonymous = api.CreateClient();
        Assert.Equal(0, (await anonymous.GetJsonAsync(movie)).GetProperty("ratingCount").GetInt32());
        Assert.Empty((await anonymous.GetJsonAsync($"{movie}/reviews")).Items("id"));
        Assert.True(review.TryGetProperty("id", out _));
    }

    private static async Task<System.Text.Json.JsonElement> ExpectAsync(HttpStatusCode expected, Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : await response.ReadJsonAsync();
    }
}
