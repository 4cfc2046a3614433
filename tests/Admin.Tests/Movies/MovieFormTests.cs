using System.Net.Http.Headers;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Movies;

public sealed class MovieFormTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Movie_that_was_left_before_it_was_there_takes_no_place_of_the_next()
    {
        var left = await site.Api.AddMovieAsync("Left early");
        var shown = await site.Api.AddMovieAsync("Gone back to");
        await using var visitor = await site.OpenAsync($"/movies/{shown}");
        var page = visitor.Page;
        await visitor.IsAtAsync("Gone back to");
        using (site.HoldBackAnswers($"/api/v1/movies/{left}"))
        {
            await page.EvaluateAsync($"Blazor.navigateTo('movies/{left}')");
            await visitor.IsAtAsync("Movie");
            await page.GoBackAsync();
            await visitor.IsAtAsync("Gone back to");
        }

        await page.GetByLabel("Running time").FillAsync("98");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();
        await visitor.IsAtAsync("Gone back to");
        Assert.Equal(
            "Gone back to 98|Left early",
            await site.Api.ScalarAsync<string>(
                $"SELECT string_agg(concat_ws(' ', title, runtime_minutes), '|' ORDER BY title) FROM movies WHERE id IN ({left}, {shown})"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Creation_that_was_left_leads_nowhere_when_it_is_done()
    {
        await using var visitor = await OpenNewAsync("Created behind");
        var page = visitor.Page;
        using (site.HoldBackAnswers("/api/v1/movies"))
        {
            await CreateAsync(visitor);
            await visitor.InMenu("Genres").ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
            await visitor.IsAtAsync("Genres");
        }

        await Expect(page.GetByText("The movie was created.")).ToBeVisibleAsync();
        await visitor.IsAtAsync("Genres");
        Assert.EndsWith("/genres", page.Url, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Browser)]
    public async Task New_movie_is_checked_as_one_types_and_created()
    {
        await using var visitor = await site.OpenAsync("/movies");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "New movie" }).ClickAsync();
        await visitor.IsAtAsync("New movie");
        await visitor.PageIsSoundAsync();
        var page = visitor.Page;

        await page.GetByLabel("Title").FillAsync(new string('x', 201));
        await Expect(page.GetByText("200 characters at most; there are 201.")).ToBeVisibleAsync();
        await page.GetByLabel("Running time").FillAsync("2000");
        await Expect(page.GetByText("1 to 1500.")).ToBeVisibleAsync();
        await page.GetByLabel("Budget").FillAsync("-5");
        await page.GetByLabel("IMDb votes").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByText("5 fields need another value.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Title")).ToBeFocusedAsync();
        foreach (var (field, why) in new[] { ("Title", "there are 201."), ("Release date", "Required."), ("Running time", "1 to 1500."), ("Budget", "0 at least."), ("IMDb votes", "A whole number.") })
        {
            await Expect(page.Locator(".field", new() { Has = page.GetByLabel(field) })).ToContainTextAsync(why);
        }

        await visitor.PageIsSoundAsync();

        await page.GetByLabel("Title").FillAsync("  Amélie ");
        await page.GetByLabel("Running time").FillAsync("122");
        await page.GetByLabel("Release date").FillAsync("2001-04-25");
        await Expect(page.GetByLabel("IMDb votes")).ToHaveValueAsync("many");
        await page.GetByLabel("Budget").FillAsync("10,000,000");
        await page.GetByLabel("IMDb votes").FillAsync("");
        await page.GetByLabel("IMDb rating").FillAsync("8,5");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" }).FillAsync("Whimsy");
        await page.Locator(".mud-list-item", new() { HasText = "Whimsy" }).ClickAsync();
        await page.GetByLabel("MPAA rating").ClickAsync();
        await page.Locator(".mud-list-item", new() { HasText = "Not Rated" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await visitor.IsAtAsync("Amélie");

        Assert.Equal(
            "2001-04-25 122 10000000 8.5 Not Rated Whimsy",
            await site.Api.ScalarAsync<string>(
                $"""
                SELECT concat_ws(' ', release_date, runtime_minutes, budget, imdb_rating, mpaa_rating, g.name)
                FROM movies m JOIN movie_genres mg ON mg.movie_id = m.id JOIN genres g ON g.id = mg.genre_id WHERE title = {"Amélie"}
                """));
        await visitor.PageIsSoundAsync();
        // Not to the empty form.
        await page.GoBackAsync();
        await visitor.IsAtAsync("Movies");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_that_is_typed_and_not_chosen_is_told_instead_of_lost()
    {
        var id = await site.Api.AddMovieAsync("Unchosen");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" });
        await box.FillAsync("Unheard");
        await Expect(page.Locator(".mud-list-item", new() { HasText = "Unheard" })).ToBeVisibleAsync();
        await box.PressAsync("Escape");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".field-genres")).ToContainTextAsync("is typed and not chosen");
        await Expect(page.GetByText("One field needs another value.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
        await box.FillAsync("Unheard o");
        await page.Locator(".mud-list-item", new() { HasText = "Unheard o" }).ClickAsync();
        await Expect(page.GetByText("is typed and not chosen")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();
        Assert.Equal("Unheard o", await site.Api.ScalarAsync<string>(
            $"SELECT string_agg(g.name, ',') FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = {id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_that_is_typed_quickly_is_the_one_that_is_taken()
    {
        await site.Api.AddMovieAsync("Other", null, "Aaa First", "Quick");
        var id = await site.Api.AddMovieAsync("Typed at once");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" });
        foreach (var (typed, key) in new[] { ("Quick", "Tab"), ("Unheard of", "Enter") })
        {
            await box.FocusAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await Expect(page.Locator(".mud-list-item", new() { HasText = "Aaa First" })).ToBeVisibleAsync();
            await page.Keyboard.TypeAsync(typed);
            await page.Keyboard.PressAsync(key);
            await Expect(page.Locator(".mud-chip").Last).ToContainTextAsync(typed);
            await Expect(box).ToHaveValueAsync("");
        }

        await Expect(page.Locator(".mud-chip")).ToHaveCountAsync(2);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Choice_is_taken_back_by_keyboard()
    {
        var id = await site.Api.AddMovieAsync("Rated by mistake");
        await site.Api.ExecuteAsync($"UPDATE movies SET mpaa_rating = 'R' WHERE id = {id}");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        var rating = page.GetByRole(AriaRole.Combobox, new() { Name = "MPAA rating" });
        var none = page.GetByRole(AriaRole.Option, new() { Name = "None" });
        // The list hears keys only a moment after it is there: as soon as it has opened by a click.
        await rating.ClickAsync();
        await Expect(none).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(none).ToHaveCountAsync(0);

        await rating.PressAsync("Enter");
        await Expect(none).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();

        Assert.Null(await site.Api.ScalarAsync<string?>($"SELECT mpaa_rating FROM movies WHERE id = {id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_that_is_typed_stays_in_its_box_until_it_is_chosen_and_is_marked_as_new()
    {
        var id = await site.Api.AddMovieAsync("Typed");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" });
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save" });
        await box.PressSequentiallyAsync("Gangstr", new() { Delay = Visitor.TypingDelay });

        foreach (var _ in Enumerable.Range(0, 2))
        {
            await save.ClickAsync();
            await Expect(page.Locator(".field-genres")).ToContainTextAsync("is typed and not chosen");
            await Expect(box).ToHaveValueAsync("Gangstr");
            await Expect(box).ToBeFocusedAsync();
        }

        await box.FillAsync("Gangster");
        await page.Locator(".mud-list-item", new() { HasText = "New: Gangster" }).ClickAsync();
        await Expect(page.Locator(".mud-chip")).ToContainTextAsync("Gangster (new)");
        await save.ClickAsync();
        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task What_the_API_alone_knows_stands_beside_its_field_with_a_link_to_the_other_movie()
    {
        var other = await site.Api.AddMovieAsync("Solaris", new DateOnly(1972, 5, 13));
        await using var visitor = await site.OpenAsync("/movies/new");
        var page = visitor.Page;
        await page.GetByLabel("Title").FillAsync("Solaris");
        await page.GetByLabel("Release date").FillAsync("1972-05-13");
        await page.GetByLabel("IMDb rating").FillAsync("7.95");

        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByText("The score has one decimal at most.")).ToBeVisibleAsync();
        await page.GetByLabel("IMDb rating").FillAsync("7.9");
        await Expect(page.GetByText("The score has one decimal at most.")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.Locator(".field-text").First).ToContainTextAsync("Another movie has this title and release date.");
        await visitor.PageIsSoundAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open the other movie" })).ToHaveAttributeAsync("href", $"movies/{other}");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Title_that_a_movie_has_in_whatever_case_is_told_and_can_be_saved_all_the_same()
    {
        var first = await site.Api.AddMovieAsync("The Pétition", new DateOnly(1972, 3, 24));
        var second = await site.Api.AddMovieAsync("The Petition", new DateOnly(1991, 1, 1));
        await site.Api.AddMovieAsync("The Petitioner", new DateOnly(1974, 1, 1));
        await using var visitor = await site.OpenAsync("/movies/new");
        var page = visitor.Page;
        var notice = page.GetByRole(AriaRole.Status).Filter(new() { HasText = "There " });

        await page.GetByLabel("Title").FillAsync(" the  PETITION ");
        await Expect(notice).ToContainTextAsync("There are already ");
        await Expect(notice.GetByRole(AriaRole.Link, new() { Name = "The Pétition (1972)" })).ToHaveAttributeAsync("href", $"movies/{first}");
        await Expect(notice.GetByRole(AriaRole.Link, new() { Name = "The Petition (1991)" })).ToHaveAttributeAsync("href", $"movies/{second}");
        await Expect(notice.GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        await visitor.PageIsSoundAsync();
        await page.GetByLabel("Title").FillAsync("The Petitioned");
        await Expect(notice).ToHaveCountAsync(0);
        await page.GetByLabel("Title").FillAsync("the petition");
        await page.GetByLabel("Release date").FillAsync("1972-03-24");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();

        await visitor.IsAtAsync("the petition");
        // A movie is no namesake of its own.
        await page.GetByLabel("Title").FillAsync("the petitio");
        await page.GetByLabel("Title").FillAsync("The Petition");
        await Expect(notice.GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Button_that_a_notice_moves_while_it_is_pressed_is_clicked_all_the_same()
    {
        await site.Api.AddMovieAsync("Ordet", new DateOnly(1943, 1, 1));
        await using var visitor = await OpenNewAsync("");
        var page = visitor.Page;
        var create = page.GetByRole(AriaRole.Button, new() { Name = "Create" });
        var notice = page.GetByRole(AriaRole.Link, new() { Name = "Ordet (1943)" });

        var place = await PressAsync();
        await page.GetByLabel("Title").FillAsync("Ordet");
        await Expect(notice).ToBeVisibleAsync();
        Assert.NotEqual(place, (await create.BoundingBoxAsync())!.Y);
        // Who lets go elsewhere does not mean the button.
        await page.Mouse.MoveAsync(0, 0);
        await page.Mouse.UpAsync();
        place = await PressAsync();
        await page.GetByLabel("Title").FillAsync("Vredens dag");
        await Expect(notice).ToHaveCountAsync(0);
        Assert.NotEqual(place, (await create.BoundingBoxAsync())!.Y);
        await page.Mouse.UpAsync();

        await visitor.IsAtAsync("Vredens dag");
        Assert.Equal(1, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title IN ('Ordet', 'Vredens dag') AND release_date = '2001-02-03'"));

        async Task<float> PressAsync()
        {
            await create.HoverAsync();
            await page.Mouse.DownAsync();
            return (await create.BoundingBoxAsync())!.Y;
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Movie_whose_creation_the_API_did_before_it_stopped_is_shown_at_the_second_try()
    {
        await using var visitor = await OpenNewAsync("Created once");
        LoseCreation(site.StopApiAsync);

        await CreateAsync(visitor);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        site.StartApi();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await visitor.IsAtAsync("Created once");
        Assert.Equal(1, await site.Api.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_entries WHERE action = 'movie.created' AND after ->> 'title' = 'Created once'"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Creation_that_is_still_at_work_is_told_until_it_has_ended()
    {
        await using var visitor = await OpenNewAsync("Created slowly");
        // As the API has it meanwhile.
        LoseCreation(() => site.Api.ExecuteAsync($"UPDATE idempotency_keys SET status_code = NULL"));
        var again = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" });

        await CreateAsync(visitor);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        await again.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The first try is still at work.");
        await site.Api.ExecuteAsync($"UPDATE idempotency_keys SET status_code = 201 WHERE status_code IS NULL");
        await again.ClickAsync();

        await visitor.IsAtAsync("Created slowly");
    }

    [RequiresFact(Tool.Browser)]
    public async Task What_is_typed_otherwise_after_a_lost_answer_makes_no_second_movie_unasked()
    {
        await using var visitor = await OpenNewAsync("Created first");
        LoseCreation(() => Task.CompletedTask);
        await CreateAsync(visitor);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        await visitor.Page.GetByLabel("Title").FillAsync("Created second");

        await CreateAsync(visitor);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("An earlier try, whose answer was lost, may have made a movie");
        Assert.Equal("Created first", await TitlesAsync());
        await CreateAsync(visitor);
        await visitor.IsAtAsync("Created second");
        Assert.Equal("Created first, Created second", await TitlesAsync());

        Task<string?> TitlesAsync() => site.Api.ScalarAsync<string>(
            $"SELECT string_agg(title, ', ' ORDER BY title) FROM movies WHERE title IN ('Created first', 'Created second')");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Enter_in_the_box_of_genres_sends_no_form_though_no_genre_is_found_yet()
    {
        await using var visitor = await site.OpenAsync("/movies/new");
        await visitor.IsAtAsync("New movie");
        await visitor.Page.EvaluateAsync("document.addEventListener('submit', () => document.title = 'sent')");

        var box = visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Genres" });
        await box.FillAsync("dram");
        await box.PressAsync("Enter");
        Assert.NotEqual("sent", await visitor.Page.TitleAsync());
    }

    [RequiresFact(Tool.Browser)]
    public async Task Two_versions_are_shown_side_by_side_and_chosen_field_by_field()
    {
        var id = await site.Api.AddMovieAsync("Stalker", new DateOnly(1979, 5, 25), "Drama");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        await visitor.IsAtAsync("Stalker");
        await page.GetByLabel("Director").FillAsync("Tarkovsky");
        await page.GetByLabel("Running time").FillAsync("162");
        await site.Api.ExecuteAsync(
            $"UPDATE movies SET director = {"Andrei Tarkovsky"}, runtime_minutes = 161, distributor = {"Mosfilm"} WHERE id = {id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        // It is far above the button.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Somebody else has changed this movie" })).ToBeFocusedAsync();
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-conflict");
        await Expect(page.GetByText($"It was saved on {await UpdatedAtAsync(id)} UTC.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(
            ["Director (both changed)", "Running time in minutes (both changed)", "Distributor"]);
        await Expect(Choice("Distributor", "saved by somebody else: Mosfilm")).ToBeCheckedAsync();
        await Choice("Director", "saved by somebody else: Andrei Tarkovsky").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save this choice" }).ClickAsync();
        await Expect(page.GetByText("The movie was saved.")).ToBeVisibleAsync();

        Assert.Equal(
            "Andrei Tarkovsky 162 Mosfilm",
            await site.Api.ScalarAsync<string>($"SELECT concat_ws(' ', director, runtime_minutes, distributor) FROM movies WHERE id = {id}"));
        await Expect(page.GetByLabel("Distributor")).ToHaveValueAsync("Mosfilm");

        ILocator Choice(string field, string value) => page.GetByLabel($"{field}, {value}");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Conflict_tells_who_saved_the_other_version_and_when()
    {
        var id = await site.Api.AddMovieAsync("Contested");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        await visitor.Page.GetByLabel("Director").FillAsync("Mine");
        var ann = await site.Api.AddUserAsync("Ann <b>Admin</b>");
        using var other = site.Api.CreateClient(ann, Roles.Admin);
        await EditAsync("""{"director":"First"}""");
        await EditAsync("""{"director":"Second"}""");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(visitor.Page.GetByText($"Ann <b>Admin</b> (user {ann}) saved it on {await UpdatedAtAsync(id)} UTC.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();

        async Task EditAsync(string patch)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/movies/{id}")
            {
                Headers = { IfMatch = { EntityTagHeaderValue.Any } },
                Content = new StringContent(patch, new MediaTypeHeaderValue("application/merge-patch+json")),
            };
            using var response = await other.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Deleting_says_first_what_goes_with_the_movie()
    {
        var id = await site.Api.AddMovieAsync("Doomed");
        await site.Api.AddMovieAsync("Doomed as well");
        await site.Api.RateAsync(id, 7, 8);
        var fan = await site.Api.AddUserAsync($"fan-{Guid.NewGuid():N}");
        await site.Api.ExecuteAsync($"INSERT INTO favorites (movie_id, user_id) VALUES ({id}, {fan})");
        await using var visitor = await site.OpenAsync("/movies?search=doomed&sort=title");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Doomed", Exact = true }).ClickAsync();

        await visitor.Page.Locator("header.page-header").GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Doomed (2000) goes for good, and with it 2 ratings, 0 reviews and 1 favorite.");
        await visitor.PageIsSoundAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();

        // Back to the list as it was.
        await visitor.IsAtAsync("Movies");
        await Expect(visitor.Page.Locator("tbody td.main")).ToHaveTextAsync(["Doomed as well"]);
        Assert.EndsWith("/movies?search=doomed&sort=title", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE id = {id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Movie_that_somebody_has_just_changed_is_asked_about_again_before_it_is_deleted()
    {
        var id = await site.Api.AddMovieAsync("Changed at last");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Changed at last (2000) goes for good");
        await site.Api.ExecuteAsync($"UPDATE movies SET release_date = '2001-01-01' WHERE id = {id}");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has just changed this movie.");
        await Expect(dialog).ToContainTextAsync("Changed at last (2001) goes for good");
        Assert.Equal(1, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE id = {id}"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();

        await visitor.IsAtAsync("Movies");
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE id = {id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Movie_that_was_deleted_under_the_form_can_be_saved_as_a_new_one()
    {
        var id = await site.Api.AddMovieAsync("Deleted meanwhile");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        await visitor.Page.GetByLabel("Director").FillAsync("Somebody");
        await site.Api.ExecuteAsync($"DELETE FROM movies WHERE id = {id}");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("deleted this movie meanwhile");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save what you typed as a new movie" }).ClickAsync();
        await Eventually.HoldsAsync(
            async () => await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title = {"Deleted meanwhile"} AND director = {"Somebody"}") == 1,
            "the movie is there again");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Leaving_a_changed_form_is_asked_for()
    {
        await site.Api.AddMovieAsync("Left alone");
        await using var visitor = await site.OpenAsync("/movies?search=left+alone");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Left alone" }).ClickAsync();
        // The list has a field for directors, too.
        await visitor.IsAtAsync("Left alone");
        await visitor.Page.GetByLabel("Director").FillAsync("Somebody");

        await visitor.InMenu("Home").DblClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stay" })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await visitor.Page.EvaluateAsync("history.back()");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await visitor.IsAtAsync("Left alone");
        await Expect(visitor.Page.GetByLabel("Director")).ToHaveValueAsync("Somebody");
        await visitor.InMenu("Home").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await visitor.IsAtAsync("Home");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Moderator_reads_a_movie_and_changes_nothing()
    {
        var id = await site.Api.AddMovieAsync("Read only");
        await using var visitor = await site.OpenAsync($"/movies/{id}", Roles.Moderator);
        await visitor.IsAtAsync("Read only");

        await Expect(visitor.Page.GetByText("Only admins change movies.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("Director")).ToHaveAttributeAsync("readonly", "");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();
        await visitor.GoToAsync("/movies/new");
        await Expect(visitor.Page.GetByText("Only admins create movies.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("Title")).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();
        await visitor.GoToAsync("/movies/999999");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not exist");
    }

    private Task<string?> UpdatedAtAsync(long movie) => site.Api.ScalarAsync<string>(
        $"""SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD "at" HH24:MI') FROM movies WHERE id = {movie}""");

    private async Task<Visitor> OpenNewAsync(string title)
    {
        var visitor = await site.OpenAsync("/movies/new");
        await visitor.Page.GetByLabel("Title").FillAsync(title);
        await visitor.Page.GetByLabel("Release date").FillAsync("2001-02-03");
        return visitor;
    }

    private static Task CreateAsync(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();

    /// <summary>Loses the response to the next movie's creation, after something has happened.</summary>
    private void LoseCreation(Func<Task> meanwhile) => site.LosesResponse = async request =>
    {
        if (request.Method != HttpMethod.Post)
        {
            return false;
        }

        site.LosesResponse = null;
        await meanwhile();
        return true;
    };
}
