using System.Net.Http.Headers;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>Requests to <c>/auth</c>.</summary>
internal static class AccountClient
{
    public const string Password = "correct horse battery staple";

    /// <summary>An email without an account.</summary>
    public static string NewAddress() => $"{Guid.NewGuid():N}@example.com";

    public static Task<HttpResponseMessage> RegisterAsync(this HttpClient client, string email, string password = Password) =>
        client.PostAsJsonAsync("/api/v1/auth/register", new { email, password });

    public static Task<HttpResponseMessage> LogInAsync(this HttpClient client, string email, string password = Password) =>
        client.PostAsJsonAsync("/api/v1/auth/login", new { email, password });

    public static Task<HttpResponseMessage> RefreshAsync(this HttpClient client, string refreshToken) =>
        client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken });

    /// <summary>Registers and logs in; the client then sends the access token. Returns both tokens.</summary>
    public static async Task<Tokens> BecomeAsync(this HttpClient client, string email)
    {
        using var registered = await client.RegisterAsync(email);
        registered.EnsureSuccessStatusCode();
        using var answer = await client.LogInAsync(email);
        return client.Use(await answer.ReadTokensAsync());
    }

    public static async Task<Tokens> ReadTokensAsync(this HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        var json = await answer.ReadJsonAsync();
        return new(json.GetProperty("accessToken").GetString()!, json.GetProperty("refreshToken").GetString()!);
    }

    public static Tokens Use(this HttpClient client, Tokens tokens)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return tokens;
    }

    internal sealed record Tokens(string Access, string Refresh);
}
