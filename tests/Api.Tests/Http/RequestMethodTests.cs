using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Http;

public sealed class RequestMethodTests(RequestMethodTests.OnAPort api) : IClassFixture<RequestMethodTests.OnAPort>
{
    [Fact]
    public async Task HEAD_has_the_response_of_GET_without_the_body()
    {
        using var client = api.CreateClient();
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Heat")}";
        using var get = await client.GetAsync(path);

        using var head = await HeadAsync(client, path);
        using var headAgain = await HeadAsync(client, path);

        Assert.Equal(HttpStatusCode.OK, headAgain.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/api/v1/movies/999999", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/movies?page=2", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/me", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/auth/login", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/api/v1/movies/import", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/api/v1/movies/nonsense", HttpStatusCode.NotFound)]
    public async Task HEAD_is_refused_where_GET_is(string path, HttpStatusCode status)
    {
        using var client = api.CreateClient();

        using var head = await HeadAsync(client, path);

        Assert.Equal(status, head.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/movies", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/api/v1/movies/1", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT")]
    [InlineData("/api/v1/auth/login", "OPTIONS, POST")]
    [InlineData("/api/v1/movies/import", "OPTIONS, POST")]
    [InlineData("/api/v1/movies/changes", "GET, HEAD, OPTIONS")]
    [InlineData("/health", "GET, HEAD, OPTIONS")]
    [InlineData("/alive", "GET, HEAD, OPTIONS")]
    [InlineData("/openapi/v1.json", "GET, HEAD, OPTIONS")]
    [InlineData("/docs", "GET, HEAD, OPTIONS")]
    [InlineData("/docs/index.html", "GET, HEAD, OPTIONS")]
    public async Task Methods_of_an_address_are_listed_when_asked_for_and_when_refused(string path, string methods)
    {
        using var client = api.CreateClient();

        using var asked = await client.SendAsync(new(HttpMethod.Options, path));
        using var refused = await client.SendAsync(new(new(methods.Contains("PUT", StringComparison.Ordinal) ? "LINK" : "PUT"), path));

        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal(methods, string.Join(", ", asked.Content.Headers.Allow));
        await refused.ReadProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(methods, string.Join(", ", refused.Content.Headers.Allow));
    }

    private static Task<HttpResponseMessage> HeadAsync(HttpClient client, string path) => client.SendAsync(new(HttpMethod.Head, path));

    /// <summary>On a real server: it is the server that omits the body.</summary>
    public sealed class OnAPort : ApiFixture
    {
        public OnAPort() => UseKestrel(0);
    }
}
