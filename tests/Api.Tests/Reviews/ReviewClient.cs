using System.Net;
using System.Net.Http.Json;

namespace MovieAspire.Api.Tests.Reviews;

internal static class ReviewClient
{
    public static readonly object Praise = new { title = "Great", body = "I liked it. 👍 שלום", containsSpoilers = true };

    /// <summary>Reviews the movie and returns the review's path.</summary>
    public static async Task<string> ReviewAsync(this HttpClient client, long movie)
    {
        using var response = await client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", Praise);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }
}
