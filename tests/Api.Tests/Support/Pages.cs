namespace MovieAspire.Api.Tests.Support;

/// <summary>Reads lists page by page.</summary>
internal static class Pages
{
    /// <summary>One property of every item of a list, page by page along the <c>Link</c> header; the data may change between pages.</summary>
    public static async Task<List<string>> WalkAsync(
        this HttpClient client, string path, string property, Func<Task>? betweenPages = null)
    {
        List<string> seen = [];
        for (string? next = path; next is not null;)
        {
            using var response = await client.GetAsync(next);
            Assert.True(response.IsSuccessStatusCode, $"GET {next}: {await response.Content.ReadAsStringAsync()}");
            var page = await response.ReadJsonAsync();
            seen.AddRange(page.Items(property));
            next = NextOf(response);
            Assert.Equal(next is null, page.GetProperty("nextCursor").GetString() is null);
            await (betweenPages?.Invoke() ?? Task.CompletedTask);
        }

        return seen;
    }

    private static string? NextOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? links.Single().Split('<', '>')[1]
            : null;
}
