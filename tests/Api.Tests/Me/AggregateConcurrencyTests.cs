using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Me;

/// <summary>Hundreds of people at once on a few films, deleting their accounts in the middle of it.</summary>
public sealed class AggregateConcurrencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int People = 300;
    private const int Films = 3;

    [Fact]
    public async Task Aggregates_are_exact_after_any_mix_of_writers()
    {
        var films = await Task.WhenAll(Enumerable.Range(0, Films).Select(i => api.AddMovieAsync($"Film {i}")));
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(i => api.AddUserAsync($"person-{i}")));

        var failures = (await Task.WhenAll(people.Select((person, i) => Task.Run(() => ActAsync(person, films, new Random(i)))))).SelectMany(failure => failure);

        Assert.Empty(failures);
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));
        // The mix did something: votes stand, and accounts are gone.
        Assert.InRange(await api.ScalarAsync<long>($"SELECT sum(rating_count) FROM movie_stats"), 1, People * Films);
        Assert.InRange(await api.ScalarAsync<long>($"SELECT count(*) FROM users"), 1, People - 1);
    }

    private async Task<List<string>> ActAsync(long person, long[] films, Random random)
    {
        using var client = api.CreateClient(person);
        List<string> failures = [];
        for (var step = 0; step < 12; step++)
        {
            var film = films[random.Next(Films)];
            var request = random.Next(10) switch
            {
                <= 3 => new HttpRequestMessage(HttpMethod.Put, $"/api/v1/movies/{film}/rating") { Content = JsonContent.Create(new { value = random.Next(1, 11) }) },
                4 => new(HttpMethod.Delete, $"/api/v1/movies/{film}/rating"),
                5 => new(HttpMethod.Put, $"/api/v1/me/favorites/{film}"),
                6 => new(HttpMethod.Delete, $"/api/v1/me/favorites/{film}"),
                7 => new(HttpMethod.Post, $"/api/v1/movies/{film}/reviews") { Content = JsonContent.Create(new { title = "Title", body = "Body" }) },
                8 => new(HttpMethod.Put, $"/api/v1/reviews/{random.Next(1, People)}/helpful"),
                _ => new(HttpMethod.Delete, person % 10 == 0 && step > 6 ? "/api/v1/me" : $"/api/v1/reviews/{random.Next(1, People)}"),
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
