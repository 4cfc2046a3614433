using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Http;

public sealed class CrossOriginTests(CrossOriginTests.Fixture api) : IClassFixture<CrossOriginTests.Fixture>
{
    private const string Origin = "https://movies.example.org";

    [Theory]
    [InlineData(Origin)]
    [InlineData("http://localhost:3000")]
    public async Task Script_of_a_given_origin_may_send_everything_and_read_the_headers(string origin)
    {
        using var client = api.CreateClient();

        using var preflight = await PreflightAsync(client, origin);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies") { Headers = { { "Origin", origin } } };
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(origin, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("PATCH", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal("authorization,if-match,content-type", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Equal(origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("Origin", response.Headers.Vary);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        Assert.Contains("ETag", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Contains("Retry-After", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_can_be_read_as_well()
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies?limit=none") { Headers = { { "Origin", Origin } } };

        using var response = await client.SendAsync(request);

        await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Other_origins_are_told_nothing()
    {
        using var client = api.CreateClient();

        using var preflight = await PreflightAsync(client, "https://movies.example.org.evil.example");

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(Origin)]
    [InlineData("https://other.example.org")]
    [InlineData(null)]
    public async Task Caches_learn_that_responses_differ_by_origin_whoever_asks(string? origin)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await client.SendAsync(request);

        Assert.Equal(["Accept-Encoding", "Origin"], response.Headers.Vary.Order());
    }

    [Fact]
    public async Task No_origin_is_allowed_unless_given()
    {
        await using var plain = new ApiFixture { ConnectionString = api.ConnectionString };
        using var client = plain.CreateClient();

        using var preflight = await PreflightAsync(client, Origin);

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Setting_that_is_no_origin_ends_the_start_with_its_name()
    {
        await using var wrong = new Fixture { ConnectionString = api.ConnectionString, Origins = Origin + "/path" };

        var error = Assert.Throws<OptionsValidationException>(wrong.CreateClient);

        Assert.Contains("Cors:Origins must be origins", error.Message, StringComparison.Ordinal);
    }

    private static string? Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient client, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/movies/1")
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "PATCH" },
                { "Access-Control-Request-Headers", "authorization,if-match,content-type" },
            },
        };
        return await client.SendAsync(request);
    }

    public sealed class Fixture : ApiFixture
    {
        public string Origins { get; init; } = $"{Origin}, http://localhost:3000";

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Cors:Origins", Origins);
        }
    }
}
