using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MovieAspire.Api.Tests.Support;

internal static class Requests
{
    /// <summary>Sends a raw body, optionally with If-Match or Idempotency-Key.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client, string method, string path, string? body = null, string type = "application/json", string? ifMatch = null, string? key = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient client, string path, string patch, string? ifMatch) =>
        client.SendAsync("PATCH", path, patch, "application/merge-patch+json", ifMatch);

    public static Task<HttpResponseMessage> PostMovieAsync(this HttpClient client, string title, string? key = null) =>
        client.SendAsync("POST", "/api/v1/movies", JsonSerializer.Serialize(new { title, releaseDate = "2001-02-03" }), key: key);

    /// <summary>Sends a GET with this Accept-Encoding, or with none, and optionally If-None-Match.</summary>
    public static async Task<HttpResponseMessage> GetEncodedAsync(
        this HttpClient client, string path, string? encoding, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (encoding is not null)
        {
            request.Headers.AcceptEncoding.Add(new(encoding));
        }

        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await client.SendAsync(request);
    }
}
