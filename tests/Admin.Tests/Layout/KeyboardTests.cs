using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Layout;

/// <summary>The pages without a mouse.</summary>
public sealed class KeyboardTests(KeyboardTests.Fixture site) : IClassFixture<KeyboardTests.Fixture>
{
    /// <summary>More than any page has here.</summary>
    private const int MostStops = 60;

    [RequiresFact(Tool.Browser)]
    public async Task Tab_key_reaches_everything_in_its_order_shows_where_it_is_and_changes_nothing()
    {
        await using var visitor = await site.OpenAsync(null);
        var page = visitor.Page;
        foreach (var (path, control) in new[]
        {
            ("/", "As of"), ("/movies", "Select Tabbed"), ($"/movies/{site.Movie}", "TMDB id"), ("/genres", "Delete Drama"),
            ("/reviews", "Remove …"), ("/users", "First"), ($"/users/{site.User}", "Lock …"), ("/audit", "To (UTC)"), ("/import", "Choose a file"),
        })
        {
            await visitor.GoToAsync(path);
            // The last thing that the page has.
            var main = page.Locator("main");
            await Expect(main.GetByLabel(control).Or(main.GetByText(control)).First).ToBeVisibleAsync();
            await Expect(page.Locator("h1")).ToBeFocusedAsync();
            var before = await page.EvaluateAsync<string>(Content);
            List<string> stops = [];
            while (stops.Count < MostStops)
            {
                await page.Keyboard.PressAsync("Tab");
                if (await page.EvaluateAsync<string?>(Stop) is not { } name)
                {
                    break;
                }

                await Eventually.HoldsAsync(
                    () => page.EvaluateAsync<bool>(IsMarked), $"something shows on {path} that the focus is at {name}", TimeSpan.FromSeconds(5));
                if (name.Length > 0)
                {
                    stops.Add(name);
                }
            }

            Assert.Equal(await page.EvaluateAsync<string[]>(All), stops);
            Assert.Equal(before, await page.EvaluateAsync<string>(Content));
        }

        Assert.Empty(visitor.Errors);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Date_is_changed_key_by_key_while_the_page_changes_around_it()
    {
        await using var visitor = await site.OpenAsync(null);
        await visitor.SlowDownAsync();
        await visitor.GoToAsync($"/movies/{site.Movie}");
        var box = visitor.Page.GetByLabel("Release date");
        await Expect(box).ToHaveValueAsync("2000-01-01");

        // The first key makes it no date, of which the page tells, and no longer tells, between those that follow.
        await box.PressSequentiallyAsync("0228", new() { Delay = Visitor.TypingDelay });
        await Expect(box).ToHaveValueAsync("2000-02-28");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Dialog_keeps_the_focus_and_gives_it_back_after_Escape()
    {
        await using var visitor = await site.OpenAsync(null);
        var page = visitor.Page;
        string? at = null;
        foreach (var (path, opener) in new[]
        {
            ("/genres", "New genre"), ("/genres", "Rename Drama"), ("/genres", "Merge Drama"), ("/genres", "Delete Drama"),
            ("/movies", "Genres …"), ("/movies", "Delete …"), ($"/movies/{site.Movie}", "Delete …"), ("/reviews", "Keep …"),
            ("/reviews", "Remove …"), ($"/users/{site.User}", "Give the role admin …"), ($"/users/{site.User}", "Lock …"),
        })
        {
            if (at != path)
            {
                await visitor.GoToAsync(at = path);
            }

            if (path == "/movies")
            {
                await page.GetByLabel("Select Tabbed").CheckAsync();
            }

            var button = page.GetByRole(AriaRole.Button, new() { Name = opener }).First;
            await button.PressEnterAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await Expect(dialog).ToBeVisibleAsync();
            await Eventually.HoldsAsync(() => IsInDialogAsync(page), $"the focus is in the dialog of {opener}");
            foreach (var key in Enumerable.Repeat("Tab", 6).Append("Shift+Tab"))
            {
                await page.Keyboard.PressAsync(key);
                await Eventually.HoldsAsync(() => IsInDialogAsync(page), $"the focus stays in the dialog of {opener}");
            }

            await page.Keyboard.PressAsync("Escape");
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(button).ToBeFocusedAsync();
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Dialog_keeps_the_focus_of_who_is_quicker_than_the_connection()
    {
        await using var visitor = await OpenDialogFromFarAsync();
        var page = visitor.Page;

        List<string> stops = [];
        foreach (var key in Enumerable.Repeat("Tab", 4).Concat(Enumerable.Repeat("Shift+Tab", 4)))
        {
            await page.Keyboard.PressAsync(key);
            stops.Add(await page.EvaluateAsync<string>("document.activeElement.innerText"));
        }

        Assert.Equal(["Cancel", "Create it", "", "Cancel", "", "Create it", "Cancel", ""], stops.Select(stop => stop.Trim()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).PressEnterAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(NewGenre(page)).ToBeFocusedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Escape_closes_a_dialog_that_does_not_hear_it_yet()
    {
        await using var visitor = await OpenDialogFromFarAsync();
        var page = visitor.Page;
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(NewGenre(page)).ToBeFocusedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_stays_beside_what_is_gone()
    {
        await site.Api.AddMovieAsync("Chips", null, "Chip 1", "Chip 2");
        await using var visitor = await site.OpenAsync("/genres?search=chip");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Chip 1" }).PressEnterAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).PressEnterAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Chip 2" })).ToBeFocusedAsync();

        await visitor.GoToAsync("/movies?search=chips");
        await page.GetByRole(AriaRole.Link, new() { Name = "Chips" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Chip 2" }).PressEnterAsync();
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" })).ToBeFocusedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_stays_beside_what_goes_before_its_dialog_does()
    {
        await site.Api.AddMovieAsync("Pegs", null, "Peg 1", "Peg 2");
        await using var visitor = await site.OpenAsync("/genres?search=peg");
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Peg 1" }).PressEnterAsync();
        var keep = page.GetByRole(AriaRole.Button, new() { Name = "Keep it" });
        await Expect(keep).ToBeVisibleAsync();

        // As a busy browser does it with both when a genre is deleted.
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Peg 1" }).EvaluateAsync("row => row.remove()");
        await keep.PressEnterAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Peg 2" })).ToBeFocusedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_stays_at_what_is_disabled_while_it_works_and_beside_what_stays_disabled()
    {
        await site.Api.AddMovieAsync("Beads 1", null);
        await site.Api.AddMovieAsync("Beads 2", null);
        await using var visitor = await site.OpenAsync("/movies?search=beads");
        var page = visitor.Page;
        await page.GetByLabel("Select Beads 1").CheckAsync();
        await Button("Genres …").PressEnterAsync();
        await Expect(page.GetByLabel("Add genres")).ToBeFocusedAsync();
        Assert.True(await page.EvaluateAsync<bool>(IsMarked));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Button("Delete …").PressEnterAsync();
        await Button("Delete them").PressEnterAsync();
        await Button("Close").PressEnterAsync();
        await Expect(Button("Select all 1")).ToBeFocusedAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Beads 2" }).ClickAsync();
        await page.GetByLabel("Director").FillAsync("Somebody");
        await Button("Save").PressEnterAsync();
        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();
        await Expect(Button("Save")).ToBeFocusedAsync();

        await visitor.GoToAsync("/movies/new");
        await page.GetByLabel("Title").FillAsync("Beads 3");
        await page.GetByLabel("Release date").FillAsync("2001-02-03");
        await Button("Create").PressEnterAsync();
        await visitor.IsAtAsync("Beads 3");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();

        await visitor.GoToAsync("/import");
        var file = page.GetByLabel("Choose a file");
        var chooser = await page.RunAndWaitForFileChooserAsync(() => file.PressAsync("Enter"));
        await chooser.SetFilesAsync(new FilePayload
        {
            Name = "beads.json",
            MimeType = "application/json",
            Buffer = "[{\"title\":\"\",\"releaseDate\":\"2001-02-03\"}]"u8.ToArray(),
        });
        await Expect(page.GetByText("There is nothing to import.")).ToBeVisibleAsync();
        await Expect(file).ToBeFocusedAsync();
        await page.RunAndWaitForDownloadAsync(() => Button("Download the rejected").PressEnterAsync());
        await Expect(Button("Download the rejected")).ToBeFocusedAsync();

        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_goes_to_the_email_where_signing_in_starts_again()
    {
        var email = await site.AddAccountAsync(Roles.Moderator);
        await site.AddSecondFactorAsync(email);
        await using var visitor = await site.VisitAsync();
        await visitor.SignInAsync(email, SiteFixture.Password);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Start again" }).PressAsync("Enter");

        await Expect(visitor.Page.GetByLabel("Email")).ToBeFocusedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Menu_that_is_closed_takes_no_focus_and_Escape_closes_it_on_a_small_screen()
    {
        await using var visitor = await site.OpenAsync("/genres");
        var page = visitor.Page;
        var menu = page.GetByRole(AriaRole.Button, new() { Name = "Navigation" });
        await menu.PressEnterAsync();
        await Expect(visitor.InMenu("Home")).ToBeHiddenAsync();
        await visitor.PageIsSoundAsync();

        await page.SetViewportSizeAsync(360, 740);
        await visitor.GoToAsync("/genres");
        // Until the site knows how wide the window is, the menu counts as open.
        await Expect(menu).ToHaveAttributeAsync("aria-expanded", "false");
        await menu.PressEnterAsync();
        await visitor.InMenu("Users").PressAsync("Escape");
        await Expect(visitor.InMenu("Users")).ToBeHiddenAsync();
        await Expect(menu).ToBeFocusedAsync();
        await menu.PressEnterAsync();
        await Expect(visitor.InMenu("Users")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
    }

    private static ILocator NewGenre(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "New genre" });

    /// <summary>Opens the dialog of a new genre on a slow connection. Returns as soon as it has the focus, before it hears keys.</summary>
    private async Task<Visitor> OpenDialogFromFarAsync()
    {
        var visitor = await site.OpenAsync(null);
        await visitor.SlowDownAsync();
        await visitor.GoToAsync("/genres");
        await NewGenre(visitor.Page).PressEnterAsync();
        await visitor.Page.EvaluateAsync(
            """
            () => new Promise(resolve => {
              const wait = () => document.activeElement.matches('[role=dialog] input') ? resolve() : setTimeout(wait);
              wait();
            })
            """);
        return visitor;
    }

    private static Task<bool> IsInDialogAsync(IPage page) =>
        page.EvaluateAsync<bool>("document.activeElement.closest('[role=dialog]') !== null");

    private const string Name =
        "const name = e => (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? '') || e.innerText || e.tagName;";

    /// <summary>The element with the focus; empty where another part of it had the focus before, null behind the last one of the page.</summary>
    private const string Stop = $$"""
        () => {
          {{Name}}
          const e = document.activeElement;
          if (e === document.body || !e.closest('main')) return null;
          const isSame = window.stop === e;
          window.stop = e;
          return isSame ? '' : name(e).trim();
        }
        """;

    private const string IsMarked = """
        () => {
          const e = document.activeElement;
          const frame = e.closest('.mud-input-control')?.querySelector('.mud-input-outlined-border');
          return frame ? getComputedStyle(frame).borderWidth === '2px' : getComputedStyle(e.closest('.mud-radio') ?? e).outlineStyle !== 'none';
        }
        """;

    /// <summary>What there is to be reached on the page, from top to bottom.</summary>
    private const string All = $$"""
        () => {
          {{Name}}
          return [...document.querySelectorAll('main :is(a[href], button, input, textarea, summary, [tabindex="0"])')]
            .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })).map(e => name(e).trim());
        }
        """;

    /// <summary>What is typed and chosen.</summary>
    private const string Content =
        "() => [...document.querySelectorAll('main input')].map(e => e.value).join() + document.querySelectorAll('.chip-remove').length";

    public sealed class Fixture : SiteFixture
    {
        public long Movie { get; private set; }

        public long User { get; private set; }

        protected override async Task SeedAsync()
        {
            Movie = await Api.AddMovieAsync("Tabbed", null, "Drama");
            await Api.AddMovieAsync("Other", null, "Comedy");
            User = await Api.AddUserAsync("first");
            await Api.ExecuteAsync($"UPDATE users SET display_name = 'First' WHERE id = {User}");
            var review = await Api.ScalarAsync<long>(
                $"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({Movie}, {User}, 'T', 'B', false) RETURNING id");
            var reporter = await Api.AddUserAsync("reporter");
            await Api.ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason) VALUES ({review}, {reporter}, 'spam')");
        }
    }
}
