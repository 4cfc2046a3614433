using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Review_is_created_read_and_listed()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = (await api.AddSignedInUserAsync()).Client;

        using var created = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", ReviewClient.Praise);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var review = await ann.GetJsonAsync(created.Headers.Location!.ToString());
        Assert.Equal("I liked it. 👍 שלום", review.GetProperty("body").GetString());
        Assert.True(review.GetProperty("containsSpoilers").GetBoolean());
        Assert.Equal(movie, review.GetProperty("movie").GetProperty("id").GetInt64());
        using var anonymous = api.CreateClient();
        Assert.Equal([$"{review.GetProperty("id")}"], (await anonymous.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("id"));
        Assert.Equal(1, (await anonymous.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("reviewCount").GetInt32());
    }

    [Fact]
    public async Task Review_is_read_by_anyone_and_revalidated_by_its_tag()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var anonymous = api.CreateClient();
        using var stranger = (await api.AddSignedInUserAsync()).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Ran"));

        using var read = await anonymous.GetAsync(review);
        using var own = await ann.GetAsync(review);
        Assert.Equal((HttpStatusCode.OK, own.Headers.ETag), (read.StatusCode, read.Headers.ETag));
        Assert.True(read.Headers.CacheControl!.Public && read.Headers.CacheControl.NoCache);
        Assert.Equal(await own.Content.ReadAsStringAsync(), (await stranger.GetJsonAsync(review)).GetRawText());

        using (var again = new HttpRequestMessage(HttpMethod.Get, review) { Headers = { IfNoneMatch = { read.Headers.ETag! } } })
        {
            Assert.Equal(HttpStatusCode.NotModified, (await anonymous.SendAsync(again)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal("Better", (await anonymous.GetJsonAsync(review)).GetProperty("title").GetString());
        using var nowhere = await anonymous.GetAsync("/api/v1/reviews/999999999");
        await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Review_that_is_deleted_at_once_was_created_and_is_no_second_one()
    {
        var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
        using var ann = (await api.AddSignedInUserAsync()).Client;
        for (var i = 0; i < 40; i++)
        {
            var posting = ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", ReviewClient.Praise);
            do
            {
                await api.ExecuteAsync($"DELETE FROM reviews WHERE movie_id = {movie}");
            }
            while (!posting.IsCompleted);

            using var response = await posting;
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            await api.ExecuteAsync($"DELETE FROM reviews WHERE movie_id = {movie}");
        }
    }

    [Fact]
    public async Task Second_review_of_a_movie_is_409()
    {
        var movie = await api.AddMovieAsync("Brazil");
        using var ann = (await api.AddSignedInUserAsync()).Client;
        await ann.ReviewAsync(movie);

        using var second = await ann.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", ReviewClient.Praise);

        await second.ReadProblemAsync(HttpStatusCode.Conflict, "already_reviewed");
    }

    [Fact]
    public async Task Update_with_a_stale_ETag_is_412_and_the_same_text_again_no_new_version()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Zodiac"));
        using var read = await ann.GetAsync(review);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(ann, review, read.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, "*"));
        using var changed = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, changed.Headers.ETag!.Tag));
        using var unchanged = await ann.GetAsync(review);
        Assert.Equal(changed.Headers.ETag, unchanged.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, null));
    }

    [Fact]
    public async Task Deletion_with_a_stale_ETag_is_412_for_author_and_moderator()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Read before"));
        using var read = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(ann, review, null));
        using var reread = await ann.GetAsync(review);

        foreach (var client in new[] { ann, moderator })
        {
            using var stale = await client.SendAsync("DELETE", review, ifMatch: read.Headers.ETag!.Tag);
            await stale.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        }

        using var deleted = await ann.SendAsync("DELETE", review, ifMatch: reread.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Review_survives_what_other_users_try_and_is_gone_after_a_moderator_deletes_it()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var other = (await api.AddSignedInUserAsync()).Client;
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Moderated"));
        var before = (await ann.GetJsonAsync(review)).GetRawText();

        using var changed = await other.PutAsJsonAsync(review, new { title = "Other", body = "Other" });
        using var deleted = await other.DeleteAsync(review);
        using var moderated = await moderator.PutAsJsonAsync(review, new { title = "Other", body = "Other" });
        Assert.Equal(before, (await ann.GetJsonAsync(review)).GetRawText());

        using var removed = await moderator.DeleteAsync(review);
        using var gone = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Reviews_are_listed_newest_first_and_empty_for_a_movie_without_reviews()
    {
        var movie = await api.AddMovieAsync("Fargo");
        using var anonymous = api.CreateClient();
        Assert.Empty((await anonymous.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("id"));
        List<string> made = [];
        for (var i = 0; i < 5; i++)
        {
            using var user = (await api.AddSignedInUserAsync()).Client;
            made.Add((await user.ReviewAsync(movie)).Split('/')[^1]);
        }

        Assert.Equal(made, await anonymous.WalkAsync($"/api/v1/movies/{movie}/reviews?sort=createdAt&limit=2", "id"));
        Assert.Equal(Enumerable.Reverse(made), await anonymous.WalkAsync($"/api/v1/movies/{movie}/reviews?limit=2", "id"));
        using var nowhere = await anonymous.GetAsync("/api/v1/movies/999999/reviews");
        await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string review, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, review)
        {
            Content = JsonContent.Create(new { title = "Better", body = "On second thought." }),
        };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
