using System.Net;
using System.Text.Json;
using FsCheck.Fluent;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Random requests from the OpenAPI document with hostile values: no response is a 5xx or contradicts the document.</summary>
public sealed class HostileInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Requests = 1_500;

    /// <summary>Operations that would delete the account that sends the other requests, or end its session.</summary>
    private static readonly string[] ExcludedOperations = ["deleteMe", "deleteUserSessions"];

    [Fact]
    public async Task Hostile_requests_are_never_500()
    {
        var admin = await api.AddUserAsync("admin");
        var other = await api.AddUserAsync("other");
        foreach (var table in new[] { "movies", "genres", "reviews", "review_reports" })
        {
            await api.ExecuteAsync($"SELECT setval(pg_get_serial_sequence({table}, 'id'), 1000)");
        }

        await AddTargetsAsync(admin, other);
        using var client = api.CreateClient(admin, Roles.Admin);
        using var anonymous = api.CreateClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");

        var contract = new ResponseContract(document);
        // Not shrunk: a failure shows its request as a curl command.
        foreach (var request in new HostileRequests(document, ExcludedOperations).Any().Sample(Requests))
        {
            if (await CheckAsync(request.Path.Contains("/auth/", StringComparison.Ordinal) ? anonymous : client, request, contract))
            {
                await AddTargetsAsync(admin, other);
            }
        }
    }

    /// <summary>Inserts the rows of the ids in paths again, because an earlier request may have deleted them.</summary>
    private async Task AddTargetsAsync(long admin, long other)
    {
        await api.ExecuteAsync(
            $"INSERT INTO movies (id, title, release_date) SELECT n, 'Target ' || n, date '2000-01-01' FROM generate_series(1, 2) n ON CONFLICT DO NOTHING");
        await api.ExecuteAsync($"INSERT INTO genres (id, name) SELECT n, 'Genre ' || n FROM generate_series(1, 2) n ON CONFLICT DO NOTHING");
        await api.ExecuteAsync($"DELETE FROM reviews WHERE id > 2");
        await api.ExecuteAsync(
            $"""
            INSERT INTO reviews (id, movie_id, user_id, title, body, contains_spoilers)
            VALUES (1, 1, {admin}, 'Title', 'Body', false), (2, 2, {other}, 'Title', 'Body', false) ON CONFLICT DO NOTHING
            """);
        await api.ExecuteAsync(
            $"""
            INSERT INTO review_reports (id, review_id, user_id, reason) VALUES (1, 1, {other}, 'spam'), (2, 2, {admin}, 'spam') ON CONFLICT DO NOTHING
            """);
    }

    /// <returns>Whether the request succeeded and may have deleted something.</returns>
    private static async Task<bool> CheckAsync(HttpClient client, HostileRequest request, ResponseContract contract)
    {
        using var message = request.ToMessage();
        using var response = await client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500, $"{request}\n{(int)response.StatusCode} {text}");
        var breaches = contract.BreachesOf(response, text).ToList();
        Assert.True(breaches.Count == 0, $"{request}\n{string.Join('\n', breaches)}\n{text}");
        if ((int)response.StatusCode >= 400)
        {
            Assert.True(text.Length > 0, $"{request}\n{(int)response.StatusCode} without a body");
            using var problem = JsonDocument.Parse(text);
            Assert.True(problem.RootElement.TryGetProperty("code", out _), $"{request}\n{text}");
            Assert.True(response.StatusCode != HttpStatusCode.BadRequest || Helps(problem.RootElement), $"{request}\n{text}");
        }

        return response.IsSuccessStatusCode && request.Method is ("DELETE" or "POST");
    }

    /// <summary>Asserts that a 400 names what is wrong or says what to do.</summary>
    private static bool Helps(JsonElement problem) => problem.TryGetProperty("errors", out _) || problem.GetProperty("detail").GetString() is { Length: > 0 };
}
