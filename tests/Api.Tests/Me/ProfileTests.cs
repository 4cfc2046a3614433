using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Me;

public sealed class ProfileTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Display_name_is_changed_by_a_merge_patch()
    {
        using var ann = api.CreateClient(await api.AddUserAsync("ann"));

        using var changed = await PatchAsync(ann, """{"displayName":"Ann of Arc"}""");
        using var unchanged = await PatchAsync(ann, "{}");

        Assert.Equal("Ann of Arc", (await changed.ReadJsonAsync()).GetProperty("displayName").GetString());
        Assert.Equal("Ann of Arc", (await ann.GetJsonAsync("/api/v1/me")).GetProperty("displayName").GetString());
        Assert.Equal(HttpStatusCode.OK, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("""{"displayName":"\ud800"}""", "$")]
    [InlineData("""{"displayName":null}""", "displayName")]
    [InlineData("""{"displayName":""}""", "displayName")]
    [InlineData("""{"displayName":"  "}""", "displayName")]
    [InlineData("""{"displayName":"\u200b"}""", "displayName")]
    [InlineData("""{"displayName":"\u3164"}""", "displayName")]
    [InlineData("""{"displayName":"\u2800"}""", "displayName")]
    [InlineData("""{"displayName":"123456789012345678901234567890123456789012345678901"}""", "displayName")]
    [InlineData("""{"displayName":"a\u0000"}""", "displayName")]
    [InlineData("""{"displayName":"two\nlines"}""", "displayName")]
    [InlineData("""{"displayName":"two\u2028lines"}""", "displayName")]
    [InlineData("""{"displayName":"turned\u202Earound"}""", "displayName")]
    [InlineData("""{"displayName":{"a":1}}""", "displayName")]
    [InlineData("""{"email":"other@example.com"}""", "email")]
    [InlineData("""{"roles":["admin"]}""", "roles")]
    [InlineData("""{"displayName":"a","displayName":"b"}""", "displayName")]
    [InlineData("""["displayName"]""", "$")]
    [InlineData("""null""", "$")]
    [InlineData("""{""", "$")]
    public async Task Invalid_patch_is_400_that_names_the_field(string patch, string blamed)
    {
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));

        using var response = await PatchAsync(user, patch);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.ReadJsonAsync();
        Assert.Equal([blamed], problem.Blamed());
        Assert.DoesNotContain("DisplayName", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Space_around_a_name_is_taken_off()
    {
        var user = await api.AddSignedInUserAsync();

        using var response = await PatchAsync(user.Client, """{"displayName":" Ann\u00a0"}""");

        Assert.Equal("Ann", (await response.ReadJsonAsync()).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Only_admin_cannot_leave_and_of_two_at_once_one_can()
    {
        await using var site = new ApiFixture();
        await ((IAsyncLifetime)site).InitializeAsync();
        try
        {
            var ann = await site.AddSignedInUserAsync(Roles.Admin);
            using var only = await ann.Client.DeleteAsync("/api/v1/me");
            await only.ReadProblemAsync(HttpStatusCode.Conflict, "last_admin");

            var ben = await site.AddSignedInUserAsync(Roles.Admin);
            var answers = await Task.WhenAll(ann.Client.DeleteAsync("/api/v1/me"), ben.Client.DeleteAsync("/api/v1/me"));

            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        }
        finally
        {
            await ((IAsyncLifetime)site).DisposeAsync();
        }
    }

    [Theory]
    [InlineData("O'Brien-Smith")]
    [InlineData("שלום")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩")]
    public async Task Display_name_can_be_in_any_script(string name)
    {
        var user = await api.AddSignedInUserAsync();

        using var response = await PatchAsync(user.Client, $$"""{"displayName":"{{name}}"}""");

        Assert.Equal(name, (await response.ReadJsonAsync()).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Patch_of_another_content_type_is_415()
    {
        using var user = api.CreateClient(await api.AddUserAsync("bob"));
        using var response = await user.PatchAsJsonAsync("/api/v1/me", new { displayName = "Bob" });

        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Public_profile_has_name_and_counts_but_no_email()
    {
        var carol = await api.AddUserAsync("carol");
        var movie = await api.AddMovieAsync("Heat");
        using var client = api.CreateClient(carol);
        using var reviewed = await client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Carols", body = "Text" });
        using var anonymous = api.CreateClient();

        var profile = await anonymous.GetJsonAsync($"/api/v1/users/{carol}");

        Assert.Equal(
            ["id", "displayName", "joinedAt", "ratingsPublic", "favoritesPublic", "ratingCount", "reviewCount", "favoriteCount"],
            profile.EnumerateObject().Select(property => property.Name));
        Assert.Equal("carol", profile.GetProperty("displayName").GetString());
        Assert.Equal(1, profile.GetProperty("reviewCount").GetInt32());
        using var nobody = await anonymous.GetAsync("/api/v1/users/999999");
        await nobody.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Own_ratings_and_reviews_are_paged()
    {
        using var dora = api.CreateClient(await api.AddUserAsync("dora"));
        for (var i = 1; i <= 5; i++)
        {
            var movie = await api.AddMovieAsync($"Movie {i} of dora");
            using var rated = await dora.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value = i });
            using var reviewed = await dora.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = $"Review {i}", body = "Text" });
        }

        Assert.Equal(["5", "4", "3", "2", "1"], await dora.WalkAsync("/api/v1/me/ratings?limit=2", "value"));
        Assert.Equal(["1", "2", "3", "4", "5"], await dora.WalkAsync("/api/v1/me/ratings?limit=5&sort=createdAt", "value"));
        Assert.Equal("Review 5", (await dora.WalkAsync("/api/v1/me/reviews?limit=2", "title"))[0]);
    }

    [Fact]
    public async Task Export_contains_everything_and_deletion_leaves_nothing()
    {
        var erin = await api.AddUserAsync("erin");
        var other = await api.AddUserAsync("frank");
        var movie = await api.AddMovieAsync("Zodiac");
        using var client = api.CreateClient(erin);
        using var franks = api.CreateClient(other);
        using var reviewed = await franks.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Franks", body = "Text" });
        using var rated = await client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value = 7 });
        using var own = await client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Erins", body = "Text" });
        using var kept = await client.PutAsync($"/api/v1/me/favorites/{movie}", null);
        using var marked = await client.PutAsync($"{reviewed.Headers.Location}/helpful", null);

        var export = await client.GetJsonAsync("/api/v1/me/export");
        using var deleted = await client.DeleteAsync("/api/v1/me");

        Assert.Equal("erin", export.GetProperty("profile").GetProperty("displayName").GetString());
        Assert.Equal(7, export.GetProperty("ratings")[0].GetProperty("value").GetInt32());
        Assert.Equal("Erins", export.GetProperty("reviews")[0].GetProperty("title").GetString());
        Assert.Equal(movie, export.GetProperty("favorites")[0].GetProperty("id").GetInt64());
        Assert.Equal(1, export.GetProperty("helpfulVotes").GetArrayLength());
        Assert.DoesNotContain("hash", export.GetRawText(), StringComparison.OrdinalIgnoreCase);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var detail = await franks.GetJsonAsync($"/api/v1/movies/{movie}");
        Assert.Equal("0,1,0", $"{detail.GetProperty("ratingCount")},{detail.GetProperty("reviewCount")},{detail.GetProperty("favoriteCount")}");
        Assert.Equal(["0"], (await franks.GetJsonAsync($"/api/v1/movies/{movie}/reviews")).Items("helpfulCount"));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));
        using var afterwards = await client.GetAsync("/api/v1/me");
        await afterwards.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, string patch)
    {
        using var content = new StringContent(patch, null, "application/merge-patch+json");
        return await client.PatchAsync("/api/v1/me", content);
    }
}
