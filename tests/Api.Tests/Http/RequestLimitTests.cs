using System.Net;
using Microsoft.AspNetCore.Hosting;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Http;

/// <summary>On a real server: some limits are Kestrel's.</summary>
public sealed class RequestLimitTests(RequestLimitTests.StrictApi api) : IClassFixture<RequestLimitTests.StrictApi>
{
    [Fact]
    public async Task Rate_limit_returns_429_with_RetryAfter()
    {
        using var user = api.CreateClient(await api.AddUserAsync("hasty"));
        HttpResponseMessage response;
        var answered = 0;
        while ((response = await user.GetAsync("/api/v1/genres")).StatusCode == HttpStatusCode.OK)
        {
            Assert.Equal("\"reads\";q=30;w=60", response.Headers.GetValues("RateLimit-Policy").Single());
            Assert.InRange(++answered, 1, 2 * StrictApi.Reads);
        }

        await response.ReadProblemAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.StartsWith("\"reads\";r=0;t=", response.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);

        // Other users have limits of their own, and health checks have none.
        using var other = api.CreateClient(await api.AddUserAsync("patient"));
        using var allowed = await other.GetAsync("/api/v1/genres");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        using var health = await user.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Login_has_a_lower_rate_limit_per_address()
    {
        using var anonymous = api.CreateClient();
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i <= 2 * StrictApi.Accounts; i++)
        {
            using var response = await anonymous.SendAsync(
                "POST", "/api/v1/auth/login", $$"""{"email":"user{{i}}@example.com","password":"a guess at a password"}""");
            codes.Add(response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, codes[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    [Fact]
    public async Task Request_beyond_those_that_run_at_once_is_503_and_the_others_finish()
    {
        await using var obstacle = await TableInUse.TakeAsync(api.ConnectionString, "review_votes", "ACCESS EXCLUSIVE");
        using var user = api.CreateClient(await api.AddUserAsync("crowd"));
        var running = Enumerable.Range(0, StrictApi.Concurrent).Select(_ => RemoveVoteAsync(user)).ToList();
        await Eventually.HoldsAsync(
            async () => await obstacle.CountWaitingAsync() == StrictApi.Concurrent, "all wait for the table");

        using var refused = await RemoveVoteAsync(user);
        await refused.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        using var health = await user.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        await obstacle.DisposeAsync();
        foreach (var response in await Task.WhenAll(running))
        {
            // There is no such review.
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            response.Dispose();
        }

        using var next = await RemoveVoteAsync(user);
        Assert.Equal(HttpStatusCode.NotFound, next.StatusCode);
    }

    [Fact]
    public async Task Slow_export_keeps_others_from_exporting_and_from_nothing_else()
    {
        await using var obstacle = await TableInUse.TakeAsync(api.ConnectionString, "movies", "ACCESS EXCLUSIVE");
        using var user = api.CreateClient(await api.AddUserAsync("collector"));
        var slow = user.GetAsync("/api/v1/movies/export");
        await Eventually.HoldsAsync(async () => await obstacle.CountWaitingAsync() == StrictApi.Bulk, "it waits for the table");

        using var refused = await user.GetAsync("/api/v1/movies/export");
        await refused.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        using var other = await user.GetAsync("/api/v1/genres");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        await obstacle.DisposeAsync();
        using var exported = await slow;
        Assert.Equal(HttpStatusCode.OK, exported.StatusCode);
    }

    [Fact]
    public async Task Body_that_is_too_long_is_413()
    {
        using var user = api.CreateClient(await api.AddUserAsync("wordy"));

        using var response = await user.SendAsync("PUT", "/api/v1/movies/1/rating", $$"""{"value":5{{new string(' ', 300 * 1024)}}}""");

        await response.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Responses_are_compressed_except_those_with_tokens()
    {
        using var user = api.CreateClient(await api.AddUserAsync("dense"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { { "Accept-Encoding", "br" } } };
        using var response = await user.SendAsync(request);
        using var auth = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/nothing") { Headers = { { "Accept-Encoding", "br" } } };
        using var plain = await user.SendAsync(auth);

        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    private static Task<HttpResponseMessage> RemoveVoteAsync(HttpClient user) => user.DeleteAsync("/api/v1/reviews/1/helpful");

    public sealed class StrictApi : ApiFixture
    {
        public const int Reads = 30;
        public const int Accounts = 5;
        public const int Concurrent = 4;
        public const int Bulk = 1;

        public StrictApi() => UseKestrel(0);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("RateLimits:Reads", $"{Reads}");
            builder.UseSetting("RateLimits:Accounts", $"{Accounts}");
            builder.UseSetting("RateLimits:Concurrent", $"{Concurrent}");
            builder.UseSetting("RateLimits:Bulk", $"{Bulk}");
        }
    }
}
