using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("""{"body":"b"}""", "title")]
    [InlineData("""{"title":"","body":"b"}""", "title")]
    [InlineData("""{"title":" \t\n","body":"b"}""", "title")]
    [InlineData("""{"title":"t","body":"\u00a0"}""", "body")]
    [InlineData("""{"title":"a\u0000b","body":"b"}""", "title")]
    [InlineData("""{"title":"\ud800","body":"b"}""", "title")]
    [InlineData("""{"title":5,"body":"b"}""", "title")]
    [InlineData("""{"title":null,"body":"b"}""", "title")]
    [InlineData("""{"title":["t"],"body":"b"}""", "title")]
    [InlineData("""{"title":"t","body":"b","containsSpoilers":"yes"}""", "containsSpoilers")]
    public async Task Invalid_review_is_400_that_names_the_field(string body, string blamed)
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var content = new StringContent(body, null, "application/json");

        using var response = await ann.PostAsync($"/api/v1/movies/{await api.AddMovieAsync($"Movie {Guid.NewGuid()}")}/reviews", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([blamed], (await response.ReadJsonAsync()).Blamed());
    }

    [Fact]
    public async Task Length_limits_are_those_of_the_columns_in_code_points()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var longest = new { title = Repeat("😀", Limits.ReviewTitle), body = Repeat("é", Limits.ReviewBody) };
        var longer = longest with { title = longest.title + "a" };

        using var fits = await ann.PostAsJsonAsync($"/api/v1/movies/{await api.AddMovieAsync("Long")}/reviews", longest);
        using var refused = await ann.PostAsJsonAsync($"/api/v1/movies/{await api.AddMovieAsync("Longer")}/reviews", longer);

        Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
        Assert.Equal(["title"], (await refused.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
