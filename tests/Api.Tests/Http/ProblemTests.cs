using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Http;

public sealed class ProblemTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/openapi/v2.json")]
    public async Task Unknown_path_is_a_problem_document(string path)
    {
        using var response = await _client.GetAsync(path);

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Unsupported_method_is_a_problem_document_with_an_Allow_header()
    {
        using var response = await _client.DeleteAsync("/api/v1/genres");

        await response.ReadProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Problem_document_is_sent_whatever_the_Accept_header_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies/0") { Headers = { { "Accept", "image/png" } } };
        using var response = await _client.SendAsync(request);

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Internal_error_reveals_nothing_but_the_trace_id()
    {
        await using var broken = new ApiFixture();
        await broken.InitializeAsync();
        await broken.ExecuteAsync($"ALTER TABLE genres RENAME TO genres_gone");
        using var client = broken.CreateClient();

        using var response = await client.GetAsync("/api/v1/genres");

        await response.ReadProblemAsync(HttpStatusCode.InternalServerError, "internal_error");
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("genres\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }
}
