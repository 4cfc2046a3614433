using System.Net;
using Microsoft.AspNetCore.Hosting;
using MovieAspire.Api.Tests.Identity;

namespace MovieAspire.Api.Tests.Emails;

public sealed class EmailPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Emails_are_shown_in_development()
    {
        await using var development = api.WithWebHostBuilder(builder => builder.UseEnvironment("Development"));
        using var client = development.CreateClient();
        var address = AccountClient.NewAddress();
        using var registered = await client.RegisterAsync(address);
        await api.ExecuteAsync(
            $"""
            INSERT INTO outgoing_emails (recipient, subject, text, html, attempts)
            VALUES ('<script>alert(1)</script>', '<script>alert(2)</script>', '<script>alert(3)</script>', '"<script>alert(4)</script>', 0)
            """);

        using var page = await client.GetAsync("/emails");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.True(page.Headers.CacheControl?.NoStore);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains(address, html, StringComparison.Ordinal);
        Assert.Contains("/api/v1/auth/confirmEmail?userId=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Nowhere_else(string environment)
    {
        await using var other = api.WithWebHostBuilder(builder => builder.UseEnvironment(environment));
        using var client = other.CreateClient();

        using var page = await client.GetAsync("/emails");

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }
}
