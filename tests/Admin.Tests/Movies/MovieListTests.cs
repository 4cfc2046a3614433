using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using MovieAspire.Admin.Movies;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Admin.Users;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Movies;

public sealed class MovieListTests(MovieListTests.Fixture site) : IClassFixture<MovieListTests.Fixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task List_that_was_left_takes_no_memory()
    {
        site.Pages.Clear();
        await using var visitor = await site.OpenAsync("/movies");
        await visitor.IsAtAsync("Movies");
        var list = site.Pages.Single(page => page.Target is MovieListPage);
        await visitor.InMenu("Users").ClickAsync();
        await visitor.IsAtAsync("Users");

        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect();
                return !list.IsAlive;
            },
            "the list is let go of");
        Assert.Contains(site.Pages, page => page.Target is UserListPage);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Search_filters_order_and_page_are_in_the_address()
    {
        await using var visitor = await site.OpenAsync("/", Roles.Moderator);
        await visitor.InMenu("Movies").ClickAsync();
        await Expect(visitor.Page.GetByText("123 movies.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();

        await visitor.Page.GetByLabel("Search title and director").FillAsync("numbered");
        await Expect(visitor.Page.GetByText("120 movies.")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" }).FillAsync("Com");
        await visitor.Page.GetByRole(AriaRole.Option, new() { Name = "Comedy" }).Or(visitor.Page.Locator(".mud-list-item", new() { HasText = "Comedy" }))
            .First.ClickAsync();
        await Expect(visitor.Page.GetByText("60 movies.")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Title" }).ClickAsync();
        // The list before begins with the same movie, and its next page is another one.
        await Expect(visitor.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Title" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(Titles(visitor.Page).First).ToHaveTextAsync("Numbered 001");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(Titles(visitor.Page).First).ToHaveTextAsync("Numbered 101");
        await Expect(Titles(visitor.Page)).ToHaveCountAsync(10);
        var shown = await Titles(visitor.Page).AllInnerTextsAsync();

        var address = visitor.Page.Url;
        Assert.Contains("search=numbered&genre=Comedy&sort=title&cursor=", address, StringComparison.Ordinal);
        var other = await visitor.OpenTabAsync();
        await visitor.GoToAsync(address);
        await Expect(Titles(other)).ToHaveTextAsync(shown);
        await other.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Expect(Titles(other)).ToHaveCountAsync(50);
        await other.GoBackAsync();
        await Expect(Titles(other)).ToHaveTextAsync(shown);
        // The cursor in the address is of the list before.
        await other.GetByLabel("Year").FillAsync("1903");
        await Expect(Titles(other)).ToHaveTextAsync(["Numbered 003"]);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Chosen_colors_stay()
    {
        await using var visitor = await site.OpenAsync("/movies", Roles.Moderator);
        var page = visitor.Page;
        var html = page.Locator("html");

        await page.GetByRole(AriaRole.Button, new() { Name = "Colors" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Dark" }).ClickAsync();
        await Expect(html).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await visitor.IsAtAsync("Movies");
        await Expect(html).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(27, 30, 46)", await page.Locator(".mud-appbar").EvaluateAsync<string>("bar => getComputedStyle(bar).backgroundColor"));
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Motion_is_reduced_for_a_user_who_wants_none()
    {
        foreach (var motion in new[] { ReducedMotion.NoPreference, ReducedMotion.Reduce })
        {
            await using var visitor = await site.OpenAsync("/movies", Roles.Moderator, new() { ReducedMotion = motion });
            await visitor.IsAtAsync("Movies");

            var seconds = await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })
                .EvaluateAsync<double>("button => parseFloat(getComputedStyle(button).transitionDuration)");

            Assert.Equal(motion == ReducedMotion.NoPreference, seconds > 0.001);
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Order_is_told_to_everybody_and_changes_by_a_click()
    {
        await using var visitor = await site.OpenAsync("/movies?search=numbered", Roles.Moderator);
        var title = visitor.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Title" });

        await Expect(title).ToHaveAttributeAsync("aria-sort", "none");
        await title.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(title).ToHaveAttributeAsync("aria-sort", "ascending");
        await title.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(title).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(Titles(visitor.Page).First).ToHaveTextAsync("Numbered 120");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Rarer_filters_are_there_and_what_the_API_refuses_is_told()
    {
        await using var visitor = await site.OpenAsync("/movies?year=nonsense&minRating=8&sort=unheard-of", Roles.Moderator);
        var page = visitor.Page;
        await Expect(page.GetByText("One movie.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Average rating from")).ToHaveValueAsync("8");
        await Expect(page.GetByText("A whole number.")).ToBeVisibleAsync();

        // What is refused stays in its box, and the list as it is.
        foreach (var (box, text, problem) in new[]
        {
            ("Average rating from", "eight", "A number."), ("IMDb id", "nonsense", "such as tt0133093"), ("Year", "20", "1888 to 2100."),
        })
        {
            await page.GetByLabel(box).FillAsync(text);
            await page.GetByLabel(box).PressAsync("Tab");
            await Expect(page.GetByText(problem)).ToBeVisibleAsync();
            await Expect(page.GetByLabel(box)).ToHaveValueAsync(text);
        }

        Assert.EndsWith("minRating=8&sort=unheard-of", page.Url, StringComparison.Ordinal);
        await visitor.PageIsSoundAsync();
        await page.GetByLabel("Average rating from").FillAsync("7,5");
        await page.GetByLabel("Average rating from").PressAsync("Tab");
        await Expect(page.GetByText("One movie.")).ToBeVisibleAsync();

        // Only a hand-written address has it.
        await visitor.GoToAsync("/movies?year=99999");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("year");
        // The list before would look like the answer.
        await Expect(Titles(page)).ToHaveCountAsync(0);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(visitor.Page.GetByText("123 movies.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Filters_are_cleared_of_what_is_refused_and_half_typed_too()
    {
        await using var visitor = await site.OpenAsync("/movies?minRating=1", Roles.Moderator);
        var page = visitor.Page;
        await Expect(page.GetByLabel("Average rating from")).ToHaveValueAsync("1");
        await page.GetByLabel("Year").FillAsync("20");
        await Expect(page.GetByText("1888 to 2100.")).ToBeVisibleAsync();
        await page.GetByLabel("Released from").PressAsync("1");
        var halfTyped = page.Locator("input:invalid");
        await Expect(halfTyped).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/movies$"));
        await Expect(page.GetByLabel("Year")).ToHaveValueAsync("");
        await Expect(page.GetByText("1888 to 2100.")).ToHaveCountAsync(0);
        await Expect(halfTyped).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Filters_that_are_changed_quicker_than_the_connection_answers_add_up()
    {
        await using var visitor = await site.OpenAsync(null, Roles.Moderator);
        await visitor.SlowDownAsync();
        // The filters beyond the first are shown.
        await visitor.GoToAsync("/movies?minRating=1");
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();

        foreach (var (box, text) in new[] { ("Average rating from", "2"), ("Released from", "2001-02-03"), ("Released to", "2004-05-06"), ("TMDB id", "7") })
        {
            await page.GetByLabel(box).FillAsync(text);
            await page.GetByLabel(box).PressAsync("Tab");
        }

        await Expect(page).ToHaveURLAsync(new Regex("/movies[?]releasedFrom=2001-02-03&releasedTo=2004-05-06&minRating=2&tmdbId=7$"));
        await Expect(page.GetByText("No movie is like that.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Released from")).ToHaveValueAsync("2001-02-03");
        await page.GoBackAsync();
        await Expect(page.GetByLabel("TMDB id")).ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/movies$"));
        await Expect(page.GetByLabel("Released from")).ToHaveValueAsync("");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Change_that_leaves_the_address_as_it_is_holds_up_no_other()
    {
        await using var visitor = await site.OpenAsync("/movies?search=numbered", Roles.Moderator);
        var page = visitor.Page;
        var search = page.GetByLabel("Search title and director");
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();

        await search.FillAsync("numbered ");
        // As the address has it.
        await Expect(search).ToHaveValueAsync("numbered");
        await page.GetByRole(AriaRole.Link, new() { Name = "Title" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/movies[?]search=numbered&sort=title$"));
        await page.GetByLabel("Year").FillAsync("1903");

        await Expect(page).ToHaveURLAsync(new Regex("/movies[?]search=numbered&year=1903&sort=title$"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Next_page_begins_at_its_top_and_selecting_moves_no_row()
    {
        await using var visitor = await site.OpenAsync("/movies?search=numbered&sort=title");
        var page = visitor.Page;
        var next = page.GetByRole(AriaRole.Link, new() { Name = "Next page" });
        await next.ScrollIntoViewIfNeededAsync();
        Assert.NotEqual(0, await page.EvaluateAsync<double>("scrollY"));

        await next.ClickAsync();
        await Expect(Titles(page).First).ToHaveTextAsync("Numbered 051");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        Assert.Equal(0, await page.EvaluateAsync<double>("scrollY"));

        var row = page.GetByRole(AriaRole.Row, new() { Name = "Numbered 052" });
        var before = (await row.BoundingBoxAsync())!.Y;
        await row.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        Assert.Equal(before, (await row.BoundingBoxAsync())!.Y);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Titles_are_text_whatever_they_are()
    {
        foreach (var width in new[] { 1280, 360 })
        {
            await using var visitor = await site.OpenAsync(
                "/movies?sort=-updatedAt", Roles.Moderator, new() { ViewportSize = new() { Width = width, Height = 740 } });
            foreach (var title in Fixture.Hostile)
            {
                await visitor.Page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();
                await visitor.IsAtAsync(title);
                await Expect(visitor.Page).ToHaveTitleAsync($"{title} – MovieAspire Admin");
                await (title == Fixture.Hostile[^1] ? visitor.PageIsSoundAsync() : visitor.PageFitsAsync());
                await visitor.Page.GoBackAsync();
            }

            Assert.Null(await visitor.Page.EvaluateAsync<string?>("window.hacked ?? null"));
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Small_screen_shows_a_row_as_a_card()
    {
        await using var visitor = await site.OpenAsync(
            "/movies?search=numbered&sort=title", options: new() { ViewportSize = new() { Width = 360, Height = 740 } });
        await Expect(Titles(visitor.Page).First).ToHaveTextAsync("Numbered 001");

        await visitor.PageIsSoundAsync();

        // Its links would take the focus, unseen.
        await Expect(visitor.Page.Locator("thead")).ToBeHiddenAsync();
        Assert.Equal("block", await visitor.Page.Locator("tbody tr").First.EvaluateAsync<string>("row => getComputedStyle(row).display"));
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Home" })).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Titles_have_room_and_what_has_the_focus_is_under_no_bar_at_any_width()
    {
        await using var visitor = await site.OpenAsync(null);
        var page = visitor.Page;
        foreach (var width in new[] { 1280, 1000, 640, 360 })
        {
            await page.SetViewportSizeAsync(width, 740);
            await visitor.GoToAsync("/movies?search=numbered&sort=title");
            await page.GetByLabel("Select Numbered 020").FocusAsync();
            Assert.InRange((await Titles(page).First.BoundingBoxAsync())!.Width, 160, width);
            List<string> covered = [];
            do
            {
                await page.Keyboard.PressAsync("Shift+Tab");
                if (await page.EvaluateAsync<string?>(Covered) is { } stop)
                {
                    covered.Add(stop);
                }
            }
            while (await page.EvaluateAsync<bool>("document.activeElement.closest('main') !== null"));

            Assert.True(covered.Count == 0, $"At {width} pixels under a bar: {string.Join(", ", covered)}");
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Keyboard_skips_to_the_content_and_the_focus_follows_the_page()
    {
        await using var visitor = await site.OpenAsync("/", Roles.Moderator);
        await visitor.InMenu("Movies").ClickAsync();
        await visitor.IsAtAsync("Movies");
        await Expect(visitor.Page.Locator("h1")).ToBeFocusedAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator("#content")).ToBeFocusedAsync();
        Assert.EndsWith("/movies", visitor.Page.Url, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Click_and_its_SQL_are_one_trace()
    {
        await using var visitor = await site.OpenAsync("/movies?search=numbered", Roles.Moderator);
        await Expect(visitor.Page.GetByText("120 movies.")).ToBeVisibleAsync();
        var activities = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MovieAspire.Admin" or "System.Net.Http" or "Microsoft.AspNetCore" or "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(listener);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Title" }).ClickAsync();
        await Expect(Titles(visitor.Page).First).ToHaveTextAsync("Numbered 001");

        await Eventually.HoldsAsync(
            () => activities.Where(activity => activity.OperationName == "MovieListPage.LoadAsync" && activity.Parent is null).Any(
                click => activities.Any(sql => sql.Source.Name == "Npgsql" && sql.TraceId == click.TraceId)),
            "SQL is in the trace of the click");
    }

    /// <summary>What has the focus, where something lies over it.</summary>
    private const string Covered = """
        () => {
          const e = document.activeElement;
          const { left, right, top, bottom } = e.getBoundingClientRect();
          const isSeen = y => e.parentElement.contains(document.elementFromPoint((left + right) / 2, y));
          return isSeen(top + 1) && isSeen(bottom - 1) ? null : e.ariaLabel ?? (e.innerText || e.id);
        }
        """;

    private static ILocator Titles(IPage page) => page.Locator("tbody td.main");

    public sealed class Fixture : SiteFixture
    {
        public static readonly string[] Hostile =
        [
            "<script>window.hacked='yes'</script><img src=x onerror=\"window.hacked='yes'\"> {{7*7}}",
            "مرحبا بالعالم 1999",
            string.Concat(Enumerable.Repeat("🎬", 200)),
        ];

        protected override async Task SeedAsync()
        {
            foreach (var number in Enumerable.Range(1, 120))
            {
                await Api.AddMovieAsync($"Numbered {number:000}", new DateOnly(1900 + number, 1, 1), number % 2 == 0 ? "Drama" : "Comedy");
            }

            foreach (var title in Hostile)
            {
                await Api.AddMovieAsync(title);
            }

            await Api.RateAsync(1, 8, 9, 10);
        }
    }
}
