using System.Globalization;
using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class HelpfulVoteTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Helpful_votes_count_once_and_not_for_the_author()
    {
        var movie = await api.AddMovieAsync("Seven");
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var bob = (await api.AddSignedInUserAsync()).Client;
        using var carol = (await api.AddSignedInUserAsync()).Client;
        var first = await ann.ReviewAsync(movie);
        var second = await bob.ReviewAsync(movie);

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
    public async Task Votes_that_come_and_go_at_once_are_counted_exactly()
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));
        List<HttpClient> voters = [];
        for (var i = 0; i < 6; i++)
        {
            voters.Add((await api.AddSignedInUserAsync()).Client);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            using var response = await voters[i % 6].SendAsync(i % 4 == 0 ? "DELETE" : "PUT", $"{review}/helpful");
            return response.StatusCode;
        }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.NoContent, status));
        var id = long.Parse(review.Split('/')[^1], CultureInfo.InvariantCulture);
        Assert.Equal(
            await api.ScalarAsync<long>($"SELECT count(*) FROM review_votes WHERE review_id = {id}"),
            (await author.GetJsonAsync(review)).GetProperty("helpfulCount").GetInt64());
    }

    private static async Task<HttpStatusCode> VoteAsync(HttpClient client, string review)
    {
        using var response = await client.PutAsync($"{review}/helpful", null);
        return response.StatusCode;
    }
}
