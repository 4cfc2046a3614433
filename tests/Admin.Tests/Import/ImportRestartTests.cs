using MovieAspire.Admin.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Import;

/// <summary>Stops the API, so it is alone in its class.</summary>
public sealed class ImportRestartTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task File_stays_chosen_while_the_API_restarts()
    {
        await using var visitor = await site.OpenAsync("/import");
        await visitor.IsAtAsync("Import");
        await visitor.Page.GetByLabel("Choose a file").SetInputFilesAsync(new FilePayload
        {
            Name = "restart.ndjson",
            MimeType = "application/octet-stream",
            Buffer = "{\"title\":\"Restarted\",\"releaseDate\":\"2001-02-03\"}\n"u8.ToArray(),
        });
        var import = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" });
        await Expect(import).ToBeVisibleAsync();

        await site.StopApiAsync();
        await import.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer");
        site.StartApi();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title = 'Restarted'"));
    }
}
