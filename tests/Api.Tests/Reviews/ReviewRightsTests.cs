using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Reviews;

public sealed class ReviewRightsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_stranger_gets_404_for_what_is_not_theirs_to_change()
    {
        using var ann = (await api.AddPersonAsync()).Client;
        using var stranger = (await api.AddPersonAsync()).Client;
        var review = await ann.ReviewAsync(await api.AddMovieAsync("Alien"));

        using var read = await stranger.GetAsync(review);
        using var changed = await stranger.PutAsJsonAsync(review, ReviewClient.Praise);
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
        using var ann = (await api.AddPersonAsync()).Client;
        using var staff = api.CreateClient(await api.AddUserAsync($"staff-{Guid.NewGuid():N}"), role);
        var review = await ann.ReviewAsync(await api.AddMovieAsync($"Film {role}"));

        using var changed = await staff.PutAsJsonAsync(review, ReviewClient.Praise);
        using var deleted = await staff.DeleteAsync(review);

        Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await ann.GetAsync(review);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }
}
