using System.Net;
using System.Net.Http.Json;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Database;

public sealed class PoolerTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [RequiresFact(Tool.PgBouncer)]
    public async Task Api_works_behind_a_pooler_that_shares_sessions_once_it_prepares_nothing()
    {
        await using var pooler = await PgBouncer.StartAsync(api.ConnectionString, "transaction", "default_pool_size = 3");
        await using var pooled = new ApiFixture { ConnectionString = $"{pooler.ConnectionString};Max Auto Prepare=0" };
        pooled.StartServer();
        var movie = await api.AddMovieAsync("Heat");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => UseAsync(n))));
        Assert.All(answers.SelectMany(statuses => statuses), status => Assert.True(status < HttpStatusCode.BadRequest, $"{status}"));
        Assert.Equal(6, await api.ScalarAsync<int>($"SELECT rating_count FROM movie_stats WHERE movie_id = {movie}"));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));

        async Task<List<HttpStatusCode>> UseAsync(int n)
        {
            using var client = pooled.CreateClient(await api.AddUserAsync($"pooled-{n}"));
            var statuses = new List<HttpStatusCode>();

            // Npgsql would prepare a statement that it sees for the fifth time.
            for (var round = 0; round < 8; round++)
            {
                foreach (var path in new[] { "movies?sort=-rating", "movies?search=heat", $"movies/{movie}", "me/ratings", "genres" })
                {
                    statuses.Add(await StatusAsync(client.GetAsync($"/api/v1/{path}")));
                }

                var rating = new { value = 1 + (n + round) % 10 };
                statuses.Add(await StatusAsync(client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", rating)));
                statuses.Add(await StatusAsync(client.PutAsync($"/api/v1/me/favorites/{movie}", null)));
            }

            return statuses;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        return response.StatusCode;
    }
}
