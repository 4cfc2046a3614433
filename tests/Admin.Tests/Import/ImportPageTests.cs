using System.Globalization;
using System.IO.Compression;
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
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync("a new movie gets 1 January as its day");
        await Expect(visitor.Page.Locator("main")).Not.ToContainTextAsync("dotnet");
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-import");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 2 movies" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(2, await CountAsync("% Tried"));
        Assert.Equal(1, await CountAsync("The Matrix Tried"));
        await ExpectCountsAsync(visitor, created: 2, rejected: 2);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "See them in the list" })).ToBeVisibleAsync();
        // What was wrong is recorded as the page tells it, also what the API could not read.
        Assert.Equal("2 2", await site.Api.ScalarAsync<string>(
            $"""
            SELECT concat_ws(' ', after->>'created', after->>'rejected') FROM audit_entries
            WHERE action = 'movies.imported' ORDER BY id DESC LIMIT 1
            """));
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Trial_shows_the_first_movies_that_are_new_and_what_changes_of_others()
    {
        await site.Api.AddMovieAsync("Preview <b>old</b>", new DateOnly(2001, 2, 3), "Drama");
        await using var visitor = await OpenAsync();
        var lines = Enumerable.Range(1, 60).Select(n => $$"""{"title":"Preview {{n:00}}","releaseDate":"2001-02-03"}""");

        await ChooseAsync(visitor, File("preview.ndjson", string.Join('\n', [
            .. lines,
            """{"title":"Preview <b>old</b>","releaseDate":"2001-02-03","budget":1500000,"genres":["Noir","Drama"]}""",
        ])));

        var created = visitor.Page.GetByRole(AriaRole.Group).Filter(new() { HasText = "The first 50 of 60 new movies" });
        await Expect(created.GetByText("Preview 50 (2001-02-03)")).ToBeHiddenAsync();
        await created.GetByText("The first 50 of 60 new movies").ClickAsync();
        await Expect(created.GetByText("Preview 50 (2001-02-03)")).ToBeVisibleAsync();
        await Expect(created.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(50);
        var changed = visitor.Page.GetByRole(AriaRole.Group).Filter(new() { HasText = "1 changed movie" });
        await Expect(changed.GetByText("Preview <b>old</b> (2001-02-03)")).ToBeVisibleAsync();
        await Expect(changed.GetByRole(AriaRole.List).Nth(1).GetByRole(AriaRole.Listitem)).ToHaveTextAsync(
            ["Genres: from Drama to Drama, Noir", "Budget: from nothing to $1,500,000"]);
        await visitor.PageIsSoundAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 61 movies" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(created).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task File_with_only_years_makes_no_second_movie_of_one_whose_day_is_known()
    {
        await site.Api.AddMovieAsync("Known Day", new DateOnly(1995, 11, 22), "Drama");
        await using var visitor = await OpenAsync();

        await ChooseAsync(visitor, File("movies.csv", "movieId,title,genres\n1,Known Day (1995),Comedy\n2,Known Day (1996),Comedy\n"));
        await ExpectCountsAsync(visitor, created: 1, rejected: 1);
        await Expect(visitor.Page.GetByRole(AriaRole.Row, new() { Name = "another day of that year" })).ToContainTextAsync("1995-11-22");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();

        Assert.Equal("1995-11-22 1996-01-01", await site.Api.ScalarAsync<string>(
            $"SELECT string_agg(release_date::text, ' ' ORDER BY release_date) FROM movies WHERE title = 'Known Day'"));
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
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n", "Whoever runs the server can import it")]
    [InlineData("other.csv", "a,b\n1,2\n", "names none of the sets of columns")]
    [InlineData("empty.csv", "\n", "The file is empty.")]
    [InlineData("nothing.csv", "", "The file is empty.")]
    [InlineData("table.xlsx", "PK\u0003\u0004", "save the spreadsheet as CSV")]
    [InlineData("picture.png", "\u0089PNG\r\n\u001A\n\0\0\0\rIHDR", "This is not a text file")]
    [InlineData("one.json", "{\n  \"title\": \"x\"\n}", "an array of movies")]
    public async Task File_that_is_not_known_is_told_in_plain_words(string name, string content, string message)
    {
        await using var visitor = await OpenAsync();

        await ChooseAsync(visitor, File(name, content));

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(message);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Gzip_is_recognized_whatever_its_name_is_and_half_of_it_is_told()
    {
        // Not compressible, so that half of the bytes are some of the lines.
        var lines = Enumerable.Range(1, 2_000).Select(_ => $$"""{"title":"Packed {{Guid.NewGuid()}}","releaseDate":"2001-02-03"}""");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        }

        await using var visitor = await OpenAsync();

        await ChooseAsync(visitor, new() { Name = "movies.ndjson", MimeType = "", Buffer = packed.ToArray()[..((int)packed.Length / 2)] });
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The packed file is damaged");
        await ChooseAsync(visitor, new() { Name = "movies.ndjson", MimeType = "", Buffer = packed.ToArray() });

        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 2,000 movies" })).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task File_is_dropped_one_at_a_time_and_nowhere_else_on_the_page()
    {
        await using var visitor = await OpenAsync();
        var area = visitor.Page.Locator(".drop");

        // The page has its script a moment after its heading.
        await Eventually.HoldsAsync(() => DropAsync(area, "one.ndjson", "two.ndjson"), "the page takes files");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("These are several files.");
        await DropAsync(area, "one.ndjson");
        await Expect(visitor.Page.GetByText("one.ndjson is JSON")).ToBeVisibleAsync();
        await ExpectCountsAsync(visitor, created: 1, rejected: 0);

        Assert.True(await DropAsync(visitor.Page.Locator("h1"), "two.ndjson"), "The browser opens it in place of the page.");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" }).ClickAsync();
        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await CountAsync("Dropped one.ndjson"));
        Assert.Equal(0, await CountAsync("Dropped two.ndjson"));

        // True where the page has taken care of it.
        Task<bool> DropAsync(ILocator target, params string[] names) => target.EvaluateAsync<bool>(
            """
            (target, names) => {
              const dataTransfer = new DataTransfer();
              for (const name of names) dataTransfer.items.add(new File([`{"title":"Dropped ${name}","releaseDate":"2001-02-03"}`], name));
              return !target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
            }
            """,
            names);
    }

    [RequiresFact(Tool.Browser)]
    public async Task File_that_is_mended_under_the_page_is_chosen_again_under_its_name()
    {
        await using var visitor = await OpenAsync();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ndjson");
        try
        {
            await System.IO.File.WriteAllTextAsync(path, "{\"title\":\"To mend\",\"releaseDate\":\"2001-02-03\"}\n{\"title\":\"\"}\n");
            var input = visitor.Page.GetByLabel("Choose a file");
            await input.SetInputFilesAsync(path);
            await ExpectCountsAsync(visitor, created: 1, rejected: 1);
            await System.IO.File.WriteAllTextAsync(path, "{\"title\":\"To mend\",\"releaseDate\":\"2001-02-03\"}\n");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" }).ClickAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("choose it again");

            var chooser = await visitor.Page.RunAndWaitForFileChooserAsync(() => input.ClickAsync());
            // With a name in it, the browser would not tell of the same name.
            await Expect(input).ToHaveValueAsync("");
            await chooser.SetFilesAsync(path);

            await ExpectCountsAsync(visitor, created: 1, rejected: 0);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Double_click_imports_once()
    {
        await using var visitor = await OpenAsync();
        await ChooseAsync(visitor, File("once.ndjson", "{\"title\":\"Once\",\"releaseDate\":\"2001-02-03\"}\n"));
        var import = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" });
        await Expect(import).ToBeVisibleAsync();
        var sent = 0;
        visitor.Page.Request += (_, request) => sent += request.Url.Contains("/import/files/", StringComparison.Ordinal) ? 1 : 0;

        await import.DblClickAsync();

        await Expect(visitor.Page.GetByText("Imported", new() { Exact = true })).ToBeVisibleAsync();
        await ExpectCountsAsync(visitor, created: 1, rejected: 0);
        Assert.Equal(1, sent);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Role_that_is_lost_after_the_trial_is_told()
    {
        await using var visitor = await OpenAsync();
        await ChooseAsync(visitor, File("role.ndjson", "{\"title\":\"Without a role\",\"releaseDate\":\"2001-02-03\"}\n"));
        var import = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import 1 movie" });
        await Expect(import).ToBeVisibleAsync();
        await site.Api.ExecuteAsync($"DELETE FROM user_roles WHERE user_id = (SELECT id FROM users WHERE email = {visitor.Email})");

        await import.ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your roles do not allow this");
        Assert.Equal(0, await CountAsync("Without a role"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Page_that_imports_is_left_only_after_asking()
    {
        await using var visitor = await OpenAsync();
        List<string> asked = [];
        var stop = false;
        visitor.Page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            await (stop ? dialog.AcceptAsync() : dialog.DismissAsync());
        };
        await visitor.Page.RouteAsync("**/import/files/**", _ => { });
        await ChooseAsync(visitor, File("stay.ndjson", "{\"title\":\"Stay\",\"releaseDate\":\"2001-02-03\"}\n"));
        await Expect(visitor.Page.GetByText("Trying the import.")).ToBeVisibleAsync();

        await visitor.InMenu("Home").ClickAsync();
        await Eventually.HoldsAsync(() => asked is ["The import is not at its end. Stop it?"], "it is asked");
        await visitor.IsAtAsync("Import");
        stop = true;
        await visitor.InMenu("Home").ClickAsync();

        await visitor.IsAtAsync("Home");
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
        await using var visitor = await site.OpenAsync("/", Roles.Moderator);

        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Import" })).ToHaveCountAsync(0);
        await visitor.GoToAsync("/import");

        await visitor.IsAtAsync("Not for your role");
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
        var visitor = await site.OpenAsync("/import", options: options);
        await visitor.IsAtAsync("Import");
        return visitor;
    }

    private Task<long> CountAsync(string title) => site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {title}");
}
