using System.Net.Http.Json;

namespace MovieAspire.Api.Tests.Me;

/// <summary>A hundred and more concurrent users on a few movies, some of whom delete their accounts.</summary>
public sealed class AggregateConcurrencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Users = 150;
    private const int Movies = 3;

    [Fact]
    public async Task Aggregates_are_exact_after_any_mix_of_writers()
    {
        var movies = await Task.WhenAll(Enumerable.Range(0, Movies).Select(i => api.AddMovieAsync($"Movie {i}")));
        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(i => api.AddUserAsync($"user-{i}")));
        // Before the rush, one after the other: making a client blocks its thread, and hundreds at once would leave the API none.
        var clients = users.Select(user => api.CreateClient(user)).ToList();

        var failures = await Task.WhenAll(clients.Select((client, i) => ActAsync(client, users[i], movies, new Random(i))));

        Assert.Empty(failures.SelectMany(failure => failure));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));
        // The mix had an effect: some ratings exist, and some accounts are deleted.
        Assert.InRange(await api.ScalarAsync<long>($"SELECT sum(rating_count) FROM movie_stats"), 1, Users * Movies);
        Assert.InRange(await api.ScalarAsync<long>($"SELECT count(*) FROM users"), 1, Users - 1);
    }

    private static async Task<List<string>> ActAsync(HttpClient client, long user, long[] movies, Random random)
    {
        List<string> failures = [];
        for (var step = 0; step < 12; step++)
        {
            var movie = movies[random.Next(Movies)];
            var request = random.Next(10) switch
            {
                <= 3 => new HttpRequestMessage(HttpMethod.Put, $"/api/v1/movies/{movie}/rating")
                {
                    Content = JsonContent.Create(new { value = random.Next(1, 11) }),
                },
                4 => new(HttpMethod.Delete, $"/api/v1/movies/{movie}/rating"),
                5 => new(HttpMethod.Put, $"/api/v1/me/favorites/{movie}"),
                6 => new(HttpMethod.Delete, $"/api/v1/me/favorites/{movie}"),
                7 => new(HttpMethod.Post, $"/api/v1/movies/{movie}/reviews")
                {
                    Content = JsonContent.Create(new { title = "Title", body = "Body" }),
                },
                8 => new(HttpMethod.Put, $"/api/v1/reviews/{random.Next(1, Users)}/helpful"),
                _ => new(HttpMethod.Delete, user % 10 == 0 && step > 6 ? "/api/v1/me" : $"/api/v1/reviews/{random.Next(1, Users)}"),
            };
            using (request)
            using (var response = await client.SendAsync(request))
            {
                if ((int)response.StatusCode >= 500)
                {
                    failures.Add($"{request.Method} {request.RequestUri}: {response.StatusCode}");
                }
            }
        }

        return failures;
    }
}
