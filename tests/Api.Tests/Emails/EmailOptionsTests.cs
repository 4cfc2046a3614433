using Microsoft.Extensions.Options;
using MovieAspire.Api.Emails;

namespace MovieAspire.Api.Tests.Emails;

public sealed class EmailOptionsTests
{
    private const string Server = "smtp://mail.example.org";

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(" ", "", "")]
    [InlineData(null, "movies@example.org", "https://movies.example.org")]
    [InlineData(Server, "Movies <movies@example.org>", "http://localhost:5180/")]
    public void Settings_with_which_emails_can_be_sent_are_taken(string? server, string? from, string? url) =>
        Assert.True(Validate(server, from, url).Succeeded);

    [Theory]
    [InlineData("nonsense", "movies@example.org", "https://movies.example.org", "ConnectionStrings:smtp")]
    [InlineData(Server, null, "https://movies.example.org", "Email:From")]
    [InlineData(Server, "movies", "https://movies.example.org", "Email:From")]
    [InlineData(Server, "movies@", "https://movies.example.org", "Email:From")]
    [InlineData(null, "movies at example.org", "https://movies.example.org", "Email:From")]
    [InlineData(Server, "a@example.org, b@example.org", "https://movies.example.org", "Email:From")]
    [InlineData(Server, "movies@example.org", null, "Email:PublicUrl")]
    [InlineData(Server, "movies@example.org", "movies.example.org", "Email:PublicUrl")]
    [InlineData(Server, "movies@example.org", "/movies", "Email:PublicUrl")]
    [InlineData(Server, "movies@example.org", "ftp://movies.example.org", "Email:PublicUrl")]
    [InlineData(null, "movies@example.org", "https://movies.example.org?a=b", "Email:PublicUrl")]
    public void Other_settings_are_refused_by_name(string? server, string? from, string? url, string blamed)
    {
        var failure = Assert.Single(Validate(server, from, url).Failures!);

        Assert.StartsWith(blamed, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_end_the_start_with_all_errors()
    {
        await using var api = new ApiFixture { ConnectionString = "Host=127.0.0.1;Port=1" };
        using var wrong = api.WithWebHostBuilder(builder => builder.UseSetting("ConnectionStrings:smtp", "smtp://user:1#secret@host"));

        var error = Assert.Throws<OptionsValidationException>(wrong.StartServer);

        Assert.Equal(
            ["ConnectionStrings:smtp", "Email:From", "Email:PublicUrl"],
            error.Failures.Select(failure => string.Join(':', failure.Split(':', ' ').Take(2))));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(string? server, string? from, string? url) =>
        new EmailOptionsValidator().Validate(null, new() { ConnectionString = server, From = from, PublicUrl = url });
}
