using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Tests.Reviews;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Me;

/// <summary>What others can read of a user: reviews always, ratings and favorites once the user has made them public.</summary>
public sealed class PrivacyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    public static TheoryData<string, string, string> Lists => new()
    {
        { "ratings", "ratingsPublic", "ratingCount" },
        { "favorites", "favoritesPublic", "favoriteCount" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_is_private_until_its_user_makes_it_public(string list, string setting, string count)
    {
        var ann = await api.AddSignedInUserAsync();
        var movies = await MarkMoviesAsync(ann, 5);
        using var anonymous = api.CreateClient();
        using var admin = (await api.AddSignedInUserAsync(Roles.Admin)).Client;
        var path = $"/api/v1/users/{ann.Id}/{list}";

        await AssertPrivateAsync();
        await PatchAsync(ann.Client, $$"""{"{{setting}}":true}""");

        Assert.True((await ann.Client.GetJsonAsync("/api/v1/me")).GetProperty(setting).GetBoolean());
        var profile = await anonymous.GetJsonAsync($"/api/v1/users/{ann.Id}");
        Assert.Equal((true, 5), (profile.GetProperty(setting).GetBoolean(), profile.GetProperty(count).GetInt32()));
        Assert.Equal(movies, await MoviesAsync($"{path}?sort=createdAt&limit=2"));
        Assert.Equal(movies.Reverse(), await MoviesAsync($"{path}?limit=5"));
        Assert.Equal(5, (await anonymous.GetJsonAsync($"{path}?includeTotal=true")).GetProperty("total").GetInt32());

        await PatchAsync(ann.Client, $$"""{"{{setting}}":null}""");
        await AssertPrivateAsync();

        async Task<string[]> MoviesAsync(string address) =>
        [
            .. (await anonymous.WalkAsync(address, "movie"))
                .Select(movie => System.Text.Json.JsonDocument.Parse(movie).RootElement.GetProperty("id").ToString()),
        ];

        async Task AssertPrivateAsync()
        {
            var hidden = await anonymous.GetJsonAsync($"/api/v1/users/{ann.Id}");
            Assert.Equal((false, ""), (hidden.GetProperty(setting).GetBoolean(), hidden.GetProperty(count).ToString()));
            foreach (var client in new[] { anonymous, admin, ann.Client })
            {
                using var answer = await client.GetAsync($"{path}?includeTotal=true");
                await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "private_list");
            }

            Assert.Equal(5, (await ann.Client.GetJsonAsync($"/api/v1/me/{list}")).Items("createdAt").Length);
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Cache_keeps_no_list_that_can_become_private(string list, string setting, string count)
    {
        var ann = await api.AddSignedInUserAsync();
        await PatchAsync(ann.Client, $$"""{"{{setting}}":true}""");
        using var anonymous = api.CreateClient();

        using var read = await anonymous.GetAsync($"/api/v1/users/{ann.Id}/{list}");
        await PatchAsync(ann.Client, $$"""{"{{setting}}":false}""");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/users/{ann.Id}/{list}") { Headers = { IfNoneMatch = { read.Headers.ETag! } } };
        using var revalidated = await anonymous.SendAsync(again);

        Assert.True(read.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.Forbidden, revalidated.StatusCode);
        Assert.Equal("", (await anonymous.GetJsonAsync($"/api/v1/users/{ann.Id}")).GetProperty(count).ToString());
    }

    [Fact]
    public async Task Reviews_of_a_user_are_read_by_anyone()
    {
        var ann = await api.AddSignedInUserAsync();
        List<string> written = [];
        for (var i = 0; i < 5; i++)
        {
            written.Add((await ann.Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"))).Split('/')[^1]);
        }

        using var anonymous = api.CreateClient();
        var path = $"/api/v1/users/{ann.Id}/reviews";

        Assert.Equal(written, await anonymous.WalkAsync($"{path}?sort=createdAt&limit=2", "id"));
        Assert.Equal(Enumerable.Reverse(written), await anonymous.WalkAsync($"{path}?limit=5", "id"));
        Assert.Equal(await ann.Client.WalkAsync("/api/v1/me/reviews?limit=2", "id"), await anonymous.WalkAsync($"{path}?limit=2", "id"));
        using var read = await anonymous.GetAsync(path);
        Assert.True(read.Headers.CacheControl!.Public && read.Headers.CacheControl.NoCache);
    }

    [Fact]
    public async Task Lists_of_nobody_are_404_and_those_of_a_new_user_are_empty()
    {
        var ann = await api.AddSignedInUserAsync();
        await PatchAsync(ann.Client, """{"ratingsPublic":true,"favoritesPublic":true}""");
        using var anonymous = api.CreateClient();
        foreach (var list in new[] { "reviews", "ratings", "favorites" })
        {
            using var nowhere = await anonymous.GetAsync($"/api/v1/users/999999999/{list}");
            await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
            Assert.Empty((await anonymous.GetJsonAsync($"/api/v1/users/{ann.Id}/{list}")).Items("createdAt"));
        }
    }

    [Fact]
    public async Task Cursor_of_one_users_list_is_refused_in_another_ones()
    {
        var (ann, ben) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync());
        foreach (var user in new[] { ann, ben })
        {
            await MarkMoviesAsync(user, 2);
            await PatchAsync(user.Client, """{"ratingsPublic":true}""");
        }

        var cursor = (await ann.Client.GetJsonAsync($"/api/v1/users/{ann.Id}/ratings?limit=1")).GetProperty("nextCursor");
        using var answer = await ann.Client.GetAsync($"/api/v1/users/{ben.Id}/ratings?limit=1&cursor={cursor}");

        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid_cursor");
    }

    [Fact]
    public async Task Changes_of_two_settings_at_once_are_both_kept()
    {
        var ann = await api.AddSignedInUserAsync();
        for (var i = 0; i < 20; i++)
        {
            await PatchAsync(ann.Client, """{"ratingsPublic":true}""");
            await Task.WhenAll(PatchAsync(ann.Client, """{"ratingsPublic":false}"""), PatchAsync(ann.Client, $$"""{"displayName":"Ann {{i}}"}"""));

            var profile = await ann.Client.GetJsonAsync("/api/v1/me");
            Assert.Equal((false, $"Ann {i}"), (profile.GetProperty("ratingsPublic").GetBoolean(), profile.GetProperty("displayName").GetString()));
        }
    }

    /// <summary>Identity writes all of a user that it has read, as a login does that counts failures.</summary>
    [Fact]
    public async Task Login_at_the_same_time_does_not_take_a_setting_back()
    {
        var ann = await api.AddSignedInUserAsync();
        await PatchAsync(ann.Client, """{"ratingsPublic":true,"favoritesPublic":true,"displayName":"Before"}""");
        using var scope = api.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByIdAsync($"{ann.Id}"))!;

        await PatchAsync(ann.Client, """{"ratingsPublic":false,"favoritesPublic":false,"displayName":"After"}""");
        Assert.True((await users.AccessFailedAsync(user)).Succeeded);

        var profile = await ann.Client.GetJsonAsync("/api/v1/me");
        Assert.Equal(
            (false, false, "After"),
            (profile.GetProperty("ratingsPublic").GetBoolean(), profile.GetProperty("favoritesPublic").GetBoolean(), profile.GetProperty("displayName").GetString()));
    }

    [Theory]
    [InlineData("""{"ratingsPublic":"yes"}""", "ratingsPublic")]
    [InlineData("""{"favoritesPublic":1}""", "favoritesPublic")]
    [InlineData("""{"ratingsArePublic":true}""", "ratingsArePublic")]
    public async Task Setting_that_is_no_boolean_is_400(string patch, string blamed)
    {
        var ann = await api.AddSignedInUserAsync();

        using var answer = await ann.Client.PatchAsync("/api/v1/me", patch, null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([blamed], (await answer.ReadJsonAsync()).Blamed());
    }

    /// <summary>Rates new movies and adds them to the favorites.</summary>
    private async Task<string[]> MarkMoviesAsync(TestUser user, int count)
    {
        List<string> movies = [];
        for (var i = 0; i < count; i++)
        {
            var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
            using var rated = await user.Client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value = 5 });
            using var kept = await user.Client.PutAsync($"/api/v1/me/favorites/{movie}", null);
            movies.Add($"{movie}");
        }

        return [.. movies];
    }

    private static async Task PatchAsync(HttpClient client, string patch)
    {
        using var answer = await client.PatchAsync("/api/v1/me", patch, null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
