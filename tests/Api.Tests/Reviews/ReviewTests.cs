using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_review_is_made_read_and_listed()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = (await api.AddPersonAsync()).Client;

        using var created = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", ReviewClient.Praise);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var review = await ann.GetJsonAsync(created.Headers.Location!.ToString());
        Assert.Equal("I liked it. 👍 שלום", review.GetProperty("body").GetString());
        Assert.True(review.GetProperty("containsSpoilers").GetBoolean());
        Assert.Equal(movie, review.GetProperty("movie").GetProperty("id").GetInt64());
        using var anybody = api.CreateClient();
        Assert.Equal([$"{review.GetProperty("id")}"], (await anybody.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("id"));
        Assert.Equal(1, (await anybody.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("reviewCount").GetInt32());
    }

    [Fact]
    public async Task A_second_review_of_a_film_is_a_409()
    {
        var movie = await api.AddMovieAsync("Brazil");
        using var ann = (await api.AddPersonAsync()).Client;
        await ann.ReviewAsync(movie);

        using var second = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", ReviewClient.Praise);

        await second.ReadProblemAsync(HttpStatusCode.Conflict, "already_reviewed");
    }

    [Fact]
    public async Task A_change_of_what_one_has_not_read_is_a_412()
    {
        using var ann = (await api.AddPersonAsync()).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Zodiac"));
        using var read = await ann.GetAsync(review);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, "*"));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, null));
    }

    [Fact]
    public async Task The_latest_review_comes_first_and_a_film_without_reviews_has_an_empty_list()
    {
        var movie = await api.AddMovieAsync("Fargo");
        using var anybody = api.CreateClient();
        Assert.Empty((await anybody.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("id"));
        List<string> made = [];
        for (var i = 0; i < 5; i++)
        {
            using var user = (await api.AddPersonAsync()).Client;
            made.Add((await user.ReviewAsync(movie)).Split('/')[^1]);
        }

        Assert.Equal(made, await anybody.WalkAsync($"/api/v1/movies/{movie}/reviews?sort=createdAt&limit=2", "id"));
        Assert.Equal(Enumerable.Reverse(made), await anybody.WalkAsync($"/api/v1/movies/{movie}/reviews?limit=2", "id"));
        using var nowhere = await anybody.GetAsync("/api/v1/movies/999999/reviews");
        await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string review, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, review) { Content = JsonContent.Create(ReviewClient.Praise) };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
