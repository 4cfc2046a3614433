using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewRightsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Review_of_another_user_is_404()
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var other = (await api.AddSignedInUserAsync()).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Alien"));

        using var read = await other.GetAsync(review);
        using var changed = await other.PutAsJsonAsync(review, ReviewClient.Praise);
        using var deleted = await other.DeleteAsync(review);

        foreach (var answer in new[] { read, changed, deleted })
        {
            await answer.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        await ann.GetJsonAsync(review);
    }

    [Theory]
    [InlineData(Roles.Moderator)]
    [InlineData(Roles.Admin)]
    public async Task Moderators_and_admins_delete_reviews_but_do_not_change_them(string role)
    {
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var staff = api.CreateClient(await api.AddUserAsync($"staff-{Guid.NewGuid():N}"), role);
        var review = await ann.ReviewAsync(await api.AddMovieAsync($"Movie {role}"));

        using var changed = await staff.PutAsJsonAsync(review, ReviewClient.Praise);
        using var deleted = await staff.DeleteAsync(review);

        Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }
}
