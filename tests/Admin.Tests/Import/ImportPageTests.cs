using System.Globalization;
using System.Text;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Import;

public sealed class ImportPageTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly FilePayload MovieLens = File(
        "movies.csv",
        "movieId,title,genres\n1,\"Matrix Tried, The (1999)\",Action|Sci-Fi\n2,No year,Drama\n\n3,\"Two\nlines (1950)\",Drama\n4,Other Tried (1955),Drama\n");

    [RequiresFact(Tool.Browser)]
    public async Task Columns_are_recognized_and_tried_before_they_are_imported()
    {
        await using var visitor = await OpenAsync();

        await ChooseAsync(visitor, MovieLens);
        await Expect(visitor.Page.GetByText("What the import would do")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("is MovieLens")).ToBeVisibleAsync();
        await ExpectCountsAsync(visitor, created: 2, rejected: 2);
        await Expect(visitor.Page.GetByRole(AriaRole.Row, new() { Name = "No year in parentheses" })).ToContainTextAsync("3");
        // The API's, which counts the lines of what it gets.
        await Expect(visitor.Page.GetByRole(AriaRole.Row, new() { Name = "The field title" })).ToContainTextAsync("5");
        Assert.Equal(0, await CountAsync("% Tried"));
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-import");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 2 movies" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(2, await CountAsync("% Tried"));
        Assert.Equal(1, await CountAsync("The Matrix Tried"));
        await visitor.PageIsSoundAsync();
    }

    [RequiresTheory(Tool.Browser)]
    [InlineData("mend.ndjson", "\n{\"title\":\"Mended N\",\"releaseDate\":\"2001-02-03\"}\n{\"title\":\"\",\"releaseDate\":\"2001-02-03\"}\nnone\n",
        "{\"title\":\"\",\"releaseDate\":\"2001-02-03\"}\nnone\n")]
    [InlineData("mend.json", "[{\"title\":\"Mended J\",\"releaseDate\":\"2001-02-03\"}, {\"title\": \"\",\n\"releaseDate\":\"2001-02-03\"}]",
        "[\n{\"title\": \"\",\n\"releaseDate\":\"2001-02-03\"}\n]\n")]
    [InlineData("mend.csv", "adult,title,release_date,id\nFalse,Mended C,2001-02-03,91\nTrue,Skipped,2001-02-03,92\nFalse,\"Many, \"\"x\"\"\",soon,93\n",
        "adult,title,release_date,id\nFalse,\"Many, \"\"x\"\"\",soon,93\n")]
    public async Task Rejected_movies_are_downloaded_in_the_format_of_the_file(string name, string content, string rejects)
    {
        await using var visitor = await OpenAsync();
        await ChooseAsync(visitor, File(name, content));

        var download = await visitor.Page.RunAndWaitForDownloadAsync(
            () => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Download the rejected" }).ClickAsync());

        Assert.Equal($"rejected-{name}", download.SuggestedFilename);
        await using var stream = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.Equal(rejects, await reader.ReadToEndAsync());
    }

    [RequiresTheory(Tool.Browser)]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n", "The worker imports it")]
    [InlineData("other.csv", "a,b\n1,2\n", "names none of the sets of columns")]
    [InlineData("empty.csv", "\n", "The file is empty.")]
    [InlineData("table.xlsx", "PK\u0003\u0004", "save the spreadsheet as CSV")]
    [InlineData("one.json", "{\n  \"title\": \"x\"\n}", "an array of movies")]
    public async Task File_that_is_not_known_is_told_in_plain_words(string name, string content, string message)
    {
        await using var visitor = await OpenAsync();

        await ChooseAsync(visitor, File(name, content));

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(message);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Ended_session_keeps_the_file_and_goes_on_after_signing_in_again()
    {
        await using var visitor = await OpenAsync();
        await ChooseAsync(visitor, File("again.ndjson", "{\"title\":\"Again\",\"releaseDate\":\"2001-02-03\"}\n"));
        var import = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" });
        await Expect(import).ToBeVisibleAsync();
        await site.Api.ExecuteAsync($"DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = {visitor.Email})");

        await import.ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await CountAsync("Again"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Long_import_shows_how_far_it_is_and_is_stopped()
    {
        await using var visitor = await OpenAsync();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ndjson");
        await System.IO.File.WriteAllLinesAsync(path, Enumerable.Range(1, 400_000).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"{{\"title\":\"Long {number}\",\"releaseDate\":\"2001-02-03\",\"genres\":[\"Drama\"]}}")));
        try
        {
            await visitor.Page.GetByLabel("Choose a file").SetInputFilesAsync(path);
            await Expect(visitor.Page.GetByText("MB sent", new() { Exact = false })).ToBeVisibleAsync();
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("stopped before its end");
        }
        finally
        {
            System.IO.File.Delete(path);
        }

        // The page is as it was, and the next file is tried.
        await ChooseAsync(visitor, File("short.ndjson", "{\"title\":\"Short\",\"releaseDate\":\"2001-02-03\"}\n"));
        await ExpectCountsAsync(visitor, created: 1, rejected: 0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Titles_are_text_and_the_page_fits_a_telephone()
    {
        await using var visitor = await OpenAsync(new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark });

        await ChooseAsync(visitor, File("<img src=x onerror=alert(1)>.csv", "movieId,title,genres\n1,<script>alert(1)</script> שלום,Drama\n"));

        await Expect(visitor.Page.GetByText("<script>alert(1)</script> שלום")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Moderator_is_refused()
    {
        await using var visitor = await site.SignInAsync(Roles.Moderator);

        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Import" })).ToHaveCountAsync(0);
        await visitor.GoToAsync("/import");

        await Expect(visitor.Page.GetByLabel("Choose a file")).ToHaveCountAsync(0);
    }

    private static FilePayload File(string name, string content) =>
        new() { Name = name, MimeType = "application/octet-stream", Buffer = Encoding.UTF8.GetBytes(content) };

    private static Task ChooseAsync(Visitor visitor, FilePayload file) => visitor.Page.GetByLabel("Choose a file").SetInputFilesAsync(file);

    private static async Task ExpectCountsAsync(Visitor visitor, int created, int rejected)
    {
        var counts = visitor.Page.Locator(".counts");
        await Expect(counts).ToContainTextAsync($"New{created}");
        await Expect(counts).ToContainTextAsync($"Rejected{rejected}");
    }

    private async Task<Visitor> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var visitor = await site.SignInAsync(options: options);
        await visitor.GoToAsync("/import");
        await visitor.IsAtAsync("Import");
        return visitor;
    }

    private Task<long> CountAsync(string title) => site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {title}");
}
