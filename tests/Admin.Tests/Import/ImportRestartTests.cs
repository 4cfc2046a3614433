using System.Net;
using System.Net.Sockets;
using System.Text;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Import;

/// <summary>Stops the API, so it is alone in its class.</summary>
public sealed class ImportRestartTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresTheory(Tool.Browser)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_stays_chosen_while_the_API_restarts(bool isSilent)
    {
        var title = isSilent ? "Restarted silently" : "Restarted";
        await using var visitor = await site.OpenAsync("/import");
        await visitor.IsAtAsync("Import");
        await visitor.Page.GetByLabel("Choose a file").SetInputFilesAsync(new FilePayload
        {
            Name = "restart.ndjson",
            MimeType = "application/octet-stream",
            Buffer = Encoding.UTF8.GetBytes($"{{\"title\":\"{title}\",\"releaseDate\":\"2001-02-03\"}}\n"),
        });
        var import = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" });
        await Expect(import).ToBeVisibleAsync();

        await site.StopApiAsync();
        // As a proxy does whose server is away.
        using var silence = new TcpListener(IPAddress.Loopback, site.ApiAddress.Port);
        if (isSilent)
        {
            silence.Start();
        }

        await import.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer");
        silence.Stop();
        site.StartApi();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title = {title}"));
    }
}
