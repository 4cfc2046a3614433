using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Http;

public sealed class ContentTypeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("POST", "/api/v1/movies")]
    [InlineData("POST", "/api/v1/movies/import")]
    [InlineData("PATCH", "/api/v1/movies/1")]
    [InlineData("PATCH", "/api/v1/me")]
    public async Task Body_without_a_content_type_is_415(string method, string path)
    {
        using var admin = api.CreateClient(await api.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);
        using var request = new HttpRequestMessage(new(method), path) { Content = new ByteArrayContent("{}"u8.ToArray()) };

        using var response = await admin.SendAsync(request);

        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Import_without_a_body_imports_nothing()
    {
        using var admin = api.CreateClient(await api.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);

        using var response = await admin.PostAsync("/api/v1/movies/import", null);

        Assert.Equal(0, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }
}
