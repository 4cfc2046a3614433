using System.Net;
using System.Text.Json;
using FsCheck.Fluent;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Random requests from the OpenAPI document with hostile values: none is answered with a 5xx.</summary>
public sealed class HostileInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Requests = 1_500;

    /// <summary>Would delete the account that sends the other requests, or end its session.</summary>
    private static readonly string[] LeftOut = ["deleteMe", "deleteUserSessions"];

    [Fact]
    public async Task Hostile_requests_are_never_500()
    {
        var movie = await api.AddMovieAsync("Target", null, "Drama");
        var admin = await api.AddUserAsync("admin");
        await api.ExecuteAsync($"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({movie}, {admin}, 'Title', 'Body', false)");
        await api.ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason) SELECT id, {await api.AddUserAsync("reporter")}, 'spam' FROM reviews");
        using var client = api.CreateClient(admin, Roles.Admin);
        using var anonymous = api.CreateClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");

        // Each failure shows its request whole, as a curl line, so there is nothing to shrink.
        foreach (var request in new HostileRequests(document, LeftOut).Any().Sample(Requests))
        {
            await CheckAsync(request.Path.Contains("/auth/", StringComparison.Ordinal) ? anonymous : client, request);
        }
    }

    private static async Task CheckAsync(HttpClient client, HostileRequest request)
    {
        using var message = request.ToMessage();
        using var response = await client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500, $"{request}\n{(int)response.StatusCode} {text}");
        if ((int)response.StatusCode >= 400)
        {
            Assert.True(text.Length > 0, $"{request}\n{(int)response.StatusCode} without a body");
            using var problem = JsonDocument.Parse(text);
            Assert.True(problem.RootElement.TryGetProperty("code", out _), $"{request}\n{text}");
            Assert.True(response.StatusCode != HttpStatusCode.BadRequest || Helps(problem.RootElement), $"{request}\n{text}");
        }
    }

    /// <summary>A 400 names what is wrong or says what to do.</summary>
    private static bool Helps(JsonElement problem) => problem.TryGetProperty("errors", out _) || problem.GetProperty("detail").GetString() is { Length: > 0 };
}
