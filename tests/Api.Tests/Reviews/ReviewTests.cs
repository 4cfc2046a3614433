using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly object Praise = new { title = "Great", body = "I liked it. 👍 שלום", containsSpoilers = true };

    [Fact]
    public async Task A_review_is_made_read_and_listed()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = await ClientAsync();

        using var created = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", Praise);

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
        using var ann = await ClientAsync();
        await PostAsync(ann, movie);

        using var second = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", Praise);

        await second.ReadProblemAsync(HttpStatusCode.Conflict, "already_reviewed");
    }

    [Fact]
    public async Task A_stranger_gets_404_for_what_is_not_theirs_to_change()
    {
        using var ann = await ClientAsync();
        using var stranger = await ClientAsync();
        var review = await PostAsync(ann, await api.AddMovieAsync("Alien"));

        using var read = await stranger.GetAsync(review);
        using var changed = await stranger.PutAsJsonAsync(review, Praise);
        using var deleted = await stranger.DeleteAsync(review);

        foreach (var answer in new[] { read, changed, deleted })
        {
            await answer.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        await ann.GetJsonAsync(review);
    }

    [Theory]
    [InlineData(Roles.Moderator)]
    [InlineData(Roles.Admin)]
    public async Task A_moderator_or_admin_deletes_but_does_not_rewrite(string role)
    {
        using var ann = await ClientAsync();
        using var staff = api.CreateClient(await api.AddUserAsync($"staff-{Guid.NewGuid():N}"), role);
        var review = await PostAsync(ann, await api.AddMovieAsync($"Film {role}"));

        using var changed = await staff.PutAsJsonAsync(review, Praise);
        using var deleted = await staff.DeleteAsync(review);

        Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_change_of_what_one_has_not_read_is_a_412()
    {
        using var ann = await ClientAsync();
        var review = await PostAsync(ann, await api.AddMovieAsync("Zodiac"));
        using var read = await ann.GetAsync(review);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, "*"));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, null));
    }

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
    public async Task A_review_that_does_not_fit_is_refused_by_the_field(string body, string blamed)
    {
        using var ann = await ClientAsync();
        using var content = new StringContent(body, null, "application/json");

        using var response = await ann.PostAsync($"/api/v1/movies/{await api.AddMovieAsync($"Film {Guid.NewGuid()}")}/reviews", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([blamed], (await response.ReadJsonAsync()).Blamed());
    }

    [Fact]
    public async Task Lengths_are_those_of_the_columns_in_characters()
    {
        using var ann = await ClientAsync();
        var longest = new { title = Repeat("😀", Limits.ReviewTitle), body = Repeat("é", Limits.ReviewBody) };
        var longer = longest with { title = longest.title + "a" };

        using var fits = await ann.PostAsJsonAsync($"/api/v1/movies/{await api.AddMovieAsync("Long")}/reviews", longest);
        using var refused = await ann.PostAsJsonAsync($"/api/v1/movies/{await api.AddMovieAsync("Longer")}/reviews", longer);

        Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
        Assert.Equal(["title"], (await refused.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Votes_are_counted_once_and_not_by_the_author()
    {
        var movie = await api.AddMovieAsync("Seven");
        using var ann = await ClientAsync();
        using var bob = await ClientAsync();
        using var carol = await ClientAsync();
        var first = await PostAsync(ann, movie);
        var second = await PostAsync(bob, movie);

        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync(carol, second));
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync(carol, second));
        using (var own = await ann.PutAsync($"{first}/helpful", null))
        {
            await own.ReadProblemAsync(HttpStatusCode.Forbidden, "own_review");
        }

        var list = await carol.GetJsonAsync($"/api/v1/movies/{movie}/reviews?sort=-helpful");
        Assert.Equal(["1", "0"], list.Items("helpfulCount"));
        Assert.Equal(await carol.WalkAsync($"/api/v1/movies/{movie}/reviews?sort=-helpful&limit=1", "id"), list.Items("id"));

        using (var takenBack = await carol.DeleteAsync($"{second}/helpful"))
        {
            Assert.Equal(HttpStatusCode.NoContent, takenBack.StatusCode);
        }

        Assert.Equal(["0", "0"], (await carol.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("helpfulCount"));
        Assert.Equal(HttpStatusCode.NotFound, await VoteAsync(carol, "/api/v1/reviews/999999"));
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
            using var user = await ClientAsync();
            made.Add((await PostAsync(user, movie)).Split('/')[^1]);
        }

        Assert.Equal(made, await anybody.WalkAsync($"/api/v1/movies/{movie}/reviews?sort=createdAt&limit=2", "id"));
        Assert.Equal(Enumerable.Reverse(made), await anybody.WalkAsync($"/api/v1/movies/{movie}/reviews?limit=2", "id"));
        using var nowhere = await anybody.GetAsync("/api/v1/movies/999999/reviews");
        await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static async Task<HttpStatusCode> VoteAsync(HttpClient client, string review)
    {
        using var response = await client.PutAsync($"{review}/helpful", null);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string review, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, review) { Content = JsonContent.Create(Praise) };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<string> PostAsync(HttpClient client, long movie)
    {
        using var response = await client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", Praise);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    private async Task<HttpClient> ClientAsync() => api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));
}
