using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Http;

public sealed class IdempotencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Key_and_request_replay_the_first_response()
    {
        using var admin = await AdminAsync();

        using var first = await admin.PostMovieAsync("Once", "key-1");
        using var second = await admin.PostMovieAsync("Once", "key-1");
        using var without = await admin.PostMovieAsync("Once");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(HttpStatusCode.Conflict, without.StatusCode);
    }

    [Fact]
    public async Task Key_with_another_request_is_422()
    {
        using var admin = await AdminAsync();
        using var first = await admin.PostMovieAsync("This", "key-1");

        using var second = await admin.PostMovieAsync("That", "key-1");

        await second.ReadProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task Key_belongs_to_a_user_and_is_valid_on_every_replica()
    {
        using var ann = await AdminAsync();
        using var bob = await AdminAsync();
        using var anns = await ann.PostMovieAsync("Anns", "key-1");
        using var bobs = await bob.PostMovieAsync("Bobs", "key-1");
        await using var replica = api.Replica();
        using var annElsewhere = replica.CreateClient();
        annElsewhere.DefaultRequestHeaders.Authorization = ann.DefaultRequestHeaders.Authorization;

        using var again = await annElsewhere.PostMovieAsync("Anns", "key-1");

        Assert.Equal(HttpStatusCode.Created, bobs.StatusCode);
        Assert.Equal(anns.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task Concurrent_requests_with_a_key_run_once()
    {
        using var admin = await AdminAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => admin.PostMovieAsync("Together", "key-1")));

        Assert.All(answers, answer => Assert.True(
            answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{answer.StatusCode}"));
        foreach (var waiting in answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict))
        {
            await waiting.ReadProblemAsync(HttpStatusCode.Conflict, "idempotency_in_progress");
        }

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Refused_request_can_be_corrected_under_the_same_key()
    {
        using var admin = await AdminAsync();
        using var refused = await admin.SendAsync("POST", "/api/v1/movies", "{", key: "key-1");

        using var corrected = await admin.PostMovieAsync("Corrected", "key-1");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, corrected.StatusCode);
    }

    [Fact]
    public async Task Import_is_replayed()
    {
        using var admin = await AdminAsync();
        const string Movie = """{"title":"Imported once","releaseDate":"2001-01-01"}""";

        using var first = await admin.SendAsync("POST", "/api/v1/movies/import", Movie, "application/x-ndjson", key: "key-1");
        using var second = await admin.SendAsync("POST", "/api/v1/movies/import", Movie, "application/x-ndjson", key: "key-1");

        Assert.Equal(1, (await first.ReadJsonAsync()).GetProperty("created").GetInt32());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Refusal_is_a_problem_document_at_first_and_when_replayed()
    {
        using var admin = await AdminAsync();
        const string Review = """{"title":"Title","body":"Body","containsSpoilers":false}""";

        using var first = await admin.SendAsync("POST", "/api/v1/movies/999999999/reviews", Review, key: "key-1");
        using var second = await admin.SendAsync("POST", "/api/v1/movies/999999999/reviews", Review, key: "key-1");

        await first.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        await second.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Theory]
    [InlineData("   ")]
    [InlineData(null)]
    public async Task Invalid_key_is_400(string? key)
    {
        using var admin = await AdminAsync();

        using var response = await admin.PostMovieAsync("Refused", key ?? new string('k', Limits.IdempotencyKey + 1));

        Assert.Equal(["Idempotency-Key"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Claim_lives_as_long_as_its_request_and_dies_with_its_server()
    {
        var id = await api.AddUserAsync($"admin-{Guid.NewGuid():N}");
        using var admin = api.CreateClient(id, Roles.Admin);
        Task<HttpResponseMessage> running;
        await using (await TableInUse.TakeAsync(api.ConnectionString, "movies", "EXCLUSIVE"))
        {
            running = admin.PostMovieAsync("Slow", "key-1");
            await Eventually.HoldsAsync(() => AgeClaimAsync(id, 50), "the request has claimed its key");

            await Eventually.HoldsAsync(
                () => api.ScalarAsync<bool>($"SELECT created_at > now() - interval '30 s' FROM idempotency_keys WHERE user_id = {id}"),
                "the claim is renewed");
            using var second = await admin.PostMovieAsync("Slow", "key-1");
            await second.ReadProblemAsync(HttpStatusCode.Conflict, "idempotency_in_progress");
        }

        using var created = await running;
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        // As it would stand there if the server had been killed a minute ago.
        await api.ExecuteAsync($"UPDATE idempotency_keys SET status_code = NULL, response_headers = NULL, response_body = NULL WHERE user_id = {id}");
        Assert.True(await AgeClaimAsync(id, 61));
        using var retried = await admin.PostMovieAsync("Slow", "key-1");
        await retried.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
    }

    private async Task<bool> AgeClaimAsync(long user, int seconds) => await api.ScalarAsync<long>(
        $"UPDATE idempotency_keys SET created_at = now() - {seconds} * interval '1 s' WHERE user_id = {user} RETURNING id") > 0;

    [Fact]
    public async Task Keys_expire_after_a_day()
    {
        using var admin = await AdminAsync();
        using var first = await admin.PostMovieAsync("Long ago", "key-1");
        await api.ExecuteAsync($"UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");

        using var again = await admin.PostMovieAsync("Long ago", "key-1");

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    private async Task<HttpClient> AdminAsync() => api.CreateClient(await api.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);
}
