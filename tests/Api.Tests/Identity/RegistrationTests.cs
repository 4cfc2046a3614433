using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

public sealed class RegistrationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task New_account_has_the_user_role_and_a_display_name_without_the_email()
    {
        var email = AccountClient.NewAddress();

        using var answer = await _client.RegisterAsync(email);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("New member: user", await api.ScalarAsync<string>(
            $"""
            SELECT u.display_name || ': ' || string_agg(r.name, ',') FROM users u
            JOIN user_roles ur ON ur.user_id = u.id JOIN roles r ON r.id = ur.role_id
            WHERE u.email = {email} GROUP BY u.display_name
            """));
    }

    [Fact]
    public async Task Registration_of_a_taken_email_has_the_same_response_and_changes_nothing()
    {
        var email = AccountClient.NewAddress();
        using var first = await _client.RegisterAsync(email);
        var hash = await HashOfAsync(email);

        using var second = await _client.RegisterAsync(email.ToUpperInvariant(), "another password altogether");

        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        // The rate limit counts requests, whatever they are.
        Assert.True(first.Headers.Remove("RateLimit") && second.Headers.Remove("RateLimit"));
        Assert.Equal(first.Headers.ToString(), second.Headers.ToString());
        Assert.Equal(hash, await HashOfAsync(email));
        Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM users WHERE normalized_email = {email.ToUpperInvariant()}"));
    }

    [Fact]
    public async Task Other_spelling_of_a_taken_email_has_the_response_of_one_that_is_not()
    {
        var id = $"{Guid.NewGuid():N}";
        using var registered = await _client.RegisterAsync($"k-{id}@example.com");

        // U+212A, whose composed form is an ordinary K.
        using var taken = await _client.RegisterAsync($"\u212A-{id}@example.com");
        using var free = await _client.RegisterAsync($"\u212A-free-{id}@example.com");

        Assert.Equal(free.StatusCode, taken.StatusCode);
        Assert.Equal(
            (await free.ReadJsonAsync()).GetProperty("errors").ToString().Replace("-free", "", StringComparison.Ordinal),
            (await taken.ReadJsonAsync()).GetProperty("errors").ToString());
    }

    [Fact]
    public async Task Concurrent_registrations_of_an_email_create_one_account()
    {
        var email = AccountClient.NewAddress();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _client.RegisterAsync(email)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM users WHERE email = {email}"));
    }

    [Theory]
    [InlineData("fourteen chars")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("PassWord1234567890")]
    [InlineData("monkeydragonfootball")]
    [InlineData("movieaspirepassword1")]
    [InlineData("")]
    public async Task Short_or_common_password_is_400(string password)
    {
        using var answer = await _client.RegisterAsync(AccountClient.NewAddress(), password);

        Assert.Equal(["password"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Password_made_of_the_email_is_400()
    {
        using var answer = await _client.RegisterAsync("extraordinary.name@example.com", "Extraordinary.Name123456");

        Assert.Equal(["password"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Password_has_a_maximum_length()
    {
        using var longest = await _client.RegisterAsync(AccountClient.NewAddress(), string.Concat(Enumerable.Repeat("ab cd ef", 32)));
        using var tooLong = await _client.RegisterAsync(AccountClient.NewAddress(), string.Concat(Enumerable.Repeat("ab cd ef", 32)) + "g");

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        Assert.Equal(["password"], (await tooLong.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    [InlineData("a\u3164@example.com")]
    [InlineData("a@exam\u115fple.com")]
    [InlineData("a\u034f@example.com")]
    [InlineData("Somebody <a@example.com>")]
    [InlineData(" a@example.com")]
    public async Task Invalid_email_is_400(string email)
    {
        using var answer = await _client.RegisterAsync(email);

        Assert.Equal(["email"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Email_has_a_maximum_length()
    {
        using var answer = await _client.RegisterAsync(new string('a', 243) + "@example.com");

        Assert.Equal(["email"], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Theory]
    [InlineData("""{"email":"a@example.com"}""", "password", "validation_failed")]
    [InlineData("""{"email":null,"password":"correct horse battery staple"}""", "email")]
    [InlineData("""{"email":"a\u0000@example.com","password":"correct horse battery staple"}""", "email")]
    [InlineData("""{"email":"a@example.com","password":"correct horse \ud800 battery"}""", "password")]
    [InlineData("""{"email":"a@example.com","password":"correct horse battery staple","role":"admin"}""", "role")]
    [InlineData("""{"email":"a\uFFFE@example.com","password":"correct horse battery staple"}""", "email")]
    [InlineData("""{"email":"a@example.com","password":"correct horse \uFFFE battery staple"}""", "password")]
    [InlineData("""{"email":5,"password":"correct horse battery staple"}""", "email")]
    public async Task Invalid_body_is_400_that_names_the_field(string body, string blamed, string code = "malformed_body")
    {
        using var content = new StringContent(body, null, "application/json");
        using var answer = await _client.PostAsync("/api/v1/auth/register", content);

        Assert.Equal([blamed], (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, code)).Blamed());
    }

    private Task<string?> HashOfAsync(string email) => api.ScalarAsync<string>($"SELECT password_hash FROM users WHERE email = {email}");
}
