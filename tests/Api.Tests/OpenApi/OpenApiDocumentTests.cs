using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

public sealed class OpenApiDocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Document_is_OpenAPI_3_1()
    {
        using var client = api.CreateClient();

        Assert.StartsWith("3.1.", (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operation_has_id_summary_description_tag_and_errors()
    {
        using var client = api.CreateClient();
        var operations = Operations(await client.GetJsonAsync("/openapi/v1.json"));

        Assert.NotEmpty(operations);
        Assert.All(operations, operation =>
        {
            Assert.All(
                ["operationId", "summary", "description", "tags"],
                name => Assert.True(operation.Value.TryGetProperty(name, out _), $"{operation.Name} has no {name}"));
            var responses = operation.Value.GetProperty("responses");
            Assert.True(responses.TryGetProperty("400", out _), $"{operation.Name} tells no 400");
            Assert.True(responses.TryGetProperty("429", out _), $"{operation.Name} tells no 429");
            Assert.Equal(operation.Value.TryGetProperty("requestBody", out _), responses.TryGetProperty("415", out _));
        });
        Assert.Distinct(operations.Select(operation => operation.Value.GetProperty("operationId").GetString()));
    }

    [Theory]
    [InlineData("/api/v1/movies/{id}", "genres", "title")]
    [InlineData("/api/v1/me", "ratingsPublic", "displayName")]
    public async Task Patch_schema_requires_nothing_and_allows_null_for_optional_properties(string path, string removable, string kept)
    {
        using var client = api.CreateClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");

        var schema = document.GetProperty("paths").GetProperty(path).GetProperty("patch").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/merge-patch+json").GetProperty("schema").GetProperty("$ref").GetString()!;
        var patch = document.GetProperty("components").GetProperty("schemas").GetProperty(schema.Split('/')[^1]);
        Assert.False(patch.TryGetProperty("required", out _));
        Assert.Equal("string", TypeOf(kept));
        Assert.Contains("null", TypeOf(removable), StringComparison.Ordinal);

        string TypeOf(string property) => patch.GetProperty("properties").GetProperty(property).GetProperty("type").ToString();
    }

    [Fact]
    public async Task Generated_clients_learn_what_they_may_send_and_what_they_get()
    {
        using var client = api.CreateClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");
        var paths = document.GetProperty("paths");
        var (movies, schemas) = (paths.GetProperty("/api/v1/movies"), document.GetProperty("components").GetProperty("schemas"));
        var import = paths.GetProperty("/api/v1/movies/import").GetProperty("post").GetProperty("requestBody").GetProperty("content");
        var read = movies.GetProperty("get").GetProperty("responses");
        var patch = paths.GetProperty("/api/v1/movies/{id}").GetProperty("patch");

        Assert.Equal("array", import.GetProperty("application/json").GetProperty("schema").GetProperty("type").GetString());
        Assert.Equal("string", import.GetProperty("application/x-ndjson").GetProperty("schema").GetProperty("type").GetString());
        Assert.True(read.GetProperty("304").GetProperty("headers").TryGetProperty("ETag", out _));
        Assert.True(read.GetProperty("200").GetProperty("headers").TryGetProperty("Link", out _));
        Assert.True(movies.GetProperty("post").GetProperty("responses").GetProperty("201").GetProperty("headers").TryGetProperty("Location", out _));
        Assert.Equal(0, movies.GetProperty("get").GetProperty("security").GetArrayLength());
        Assert.True(patch.GetProperty("parameters").EnumerateArray()
            .Single(parameter => parameter.GetProperty("name").GetString() == "If-Match").GetProperty("required").GetBoolean());
        Assert.Contains("PG-13", EnumOf("MovieRequest", "mpaaRating"), StringComparison.Ordinal);
        Assert.Contains("last_admin", EnumOf("Problem", "code"), StringComparison.Ordinal);
        Assert.DoesNotContain("9223372036854", document.GetRawText(), StringComparison.Ordinal);

        string EnumOf(string schema, string property) =>
            schemas.GetProperty(schema).GetProperty("properties").GetProperty(property).GetProperty("enum").GetRawText();
    }

    [Fact]
    public async Task Committed_document_is_the_served_one()
    {
        using var client = api.CreateClient();
        await GeneratedFile.VerifyAsync("docs/openapi.json", (await client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n");
    }

    [Theory]
    [InlineData("/docs/index.html", "text/html")]
    [InlineData("/docs/swagger-ui-bundle.js", "text/javascript")]
    public async Task Swagger_UI_is_served_by_the_API_itself(string path, string type)
    {
        using var client = api.CreateClient();
        using var response = await client.GetAsync(path);

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("src=\"http", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static List<(string Name, JsonElement Value)> Operations(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where operation.Name is "get" or "put" or "post" or "patch" or "delete"
           select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value),
    ];
}
