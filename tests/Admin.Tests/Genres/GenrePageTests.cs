using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Genres;

/// <summary>Each test has genres of its own, and finds them by their names.</summary>
public sealed class GenrePageTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private readonly string _id = $"{Guid.NewGuid():N}"[..8];

    [RequiresFact(Tool.Browser)]
    public async Task Genre_is_created_renamed_and_deleted()
    {
        await using var visitor = await OpenAsync();
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "New genre" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create it" }).ClickAsync();
        await Expect(page.GetByText("Required.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync($"Heist {_id}");
        await visitor.PageIsSoundAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(Row("Heist")).ToContainTextAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Rename Heist {_id}" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync($"Caper {_id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename it" }).ClickAsync();
        await Expect(Row("Caper")).ToBeVisibleAsync();
        await Expect(Row("Heist")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Delete Caper {_id}" }).ClickAsync();
        await Expect(Dialog(page)).ToContainTextAsync("No movie has it.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(Row("Caper")).ToHaveCountAsync(0);
        Assert.Equal("genre.created genre.renamed genre.deleted", await site.Api.ScalarAsync<string>(
            $"SELECT string_agg(action, ' ' ORDER BY id) FROM audit_entries WHERE before::text || after::text LIKE {$"%{_id}%"} OR before::text LIKE {$"%{_id}%"} OR after::text LIKE {$"%{_id}%"}"));

        ILocator Row(string name) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"{name} {_id}" });
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_goes_into_the_dialog_and_back_to_where_it_was()
    {
        await using var visitor = await OpenAsync();
        var open = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "New genre" });
        await open.FocusAsync();

        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).PressEnterAsync();

        await Expect(open).ToBeFocusedAsync();
        await Expect(Dialog(visitor.Page)).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Double_click_opens_one_dialog_and_deletes_once()
    {
        await site.Api.ExecuteAsync($"INSERT INTO genres (name) VALUES ({$"Twice {_id}"})");
        await using var visitor = await OpenAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Delete Twice {_id}" }).DblClickAsync();
        await Expect(Dialog(visitor.Page)).ToHaveCountAsync(1);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).DblClickAsync();

        await Expect(visitor.Page.GetByText("The genre was deleted.")).ToHaveCountAsync(1);
        await Expect(Dialog(visitor.Page)).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Merging_chooses_nothing_by_itself_and_escape_closes_only_the_list()
    {
        await site.Api.AddMovieAsync($"Kept {_id}", null, $"Kept {_id}", $"Also {_id}");
        await using var visitor = await OpenAsync();
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = $"Merge Kept {_id}" }).FocusAsync();
        // As a person presses it: the key goes up when the dialog is there.
        await page.Keyboard.DownAsync("Enter");
        var box = Dialog(page).GetByRole(AriaRole.Combobox);
        await Expect(box).ToBeFocusedAsync();
        await page.Keyboard.UpAsync("Enter");

        // Opens the list. In one that was open it would choose.
        await box.PressAsync("Enter");
        await Expect(box).ToHaveAttributeAsync("aria-expanded", "true");
        await box.PressAsync("Tab");
        await Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(box).ToHaveValueAsync("");
        await Expect(Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Merge them" })).ToBeDisabledAsync();

        await box.PressAsync("ArrowDown");
        await Expect(box).ToHaveAttributeAsync("aria-expanded", "true");
        await box.PressAsync("Escape");
        await Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(Dialog(page)).ToBeVisibleAsync();
        await box.PressAsync("Escape");
        await Expect(Dialog(page)).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Merging_says_what_becomes_of_the_movies_and_a_taken_name_leads_there()
    {
        await site.Api.AddMovieAsync($"One {_id}", null, $"Darma {_id}");
        await site.Api.AddMovieAsync($"Two {_id}", null, $"Darma {_id}", $"Drama {_id}");
        await using var visitor = await OpenAsync();
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = $"Rename Darma {_id}" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync($"drama {_id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"The genre Drama {_id} exists already.");
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge them …" }).ClickAsync();

        await Expect(Dialog(page)).ToContainTextAsync($"2 movies of Darma {_id} get Drama {_id} instead, which one movie has now.");
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge them", Exact = true }).ClickAsync();

        await Expect(page.GetByText($"Merged. 2 movies have the genre Drama {_id} now.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"Darma {_id}" })).ToHaveCountAsync(0);
        Assert.Equal(2, await site.Api.ScalarAsync<long>(
            $"SELECT count(*) FROM movie_genres JOIN genres ON genres.id = genre_id WHERE name = {$"Drama {_id}"}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_to_merge_into_is_found_by_its_name()
    {
        await site.Api.AddMovieAsync($"Merged {_id}", null, $"Odd {_id}");
        await site.Api.AddMovieAsync($"Kept with {_id}", null, $"Zebra {_id}");
        await using var visitor = await OpenAsync();
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = $"Merge Odd {_id}" }).ClickAsync();
        var box = Dialog(page).GetByRole(AriaRole.Combobox);
        await Expect(box).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("zebra", new() { Delay = Visitor.TypingDelay });
        await Expect(page.Locator(".mud-list-item")).ToHaveCountAsync(1);
        await Expect(Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Merge them" })).ToBeDisabledAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(Dialog(page)).ToContainTextAsync($"One movie of Odd {_id} gets Zebra {_id} instead");
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Deleting_a_genre_that_movies_have_says_so_and_keeps_them()
    {
        var movie = await site.Api.AddMovieAsync($"Kept {_id}", null, $"Gone {_id}");
        await using var visitor = await OpenAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Delete Gone {_id}" }).ClickAsync();
        await Expect(Dialog(visitor.Page)).ToContainTextAsync("One movie has it and stays, without it.");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();

        await Expect(visitor.Page.GetByText("The genre was deleted.")).ToBeVisibleAsync();
        Assert.Equal(1, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE id = {movie}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_that_movies_got_meanwhile_is_asked_about_again()
    {
        await site.Api.ExecuteAsync($"INSERT INTO genres (name) VALUES ({$"Busy {_id}"})");
        await using var visitor = await OpenAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Delete Busy {_id}" }).ClickAsync();
        await Expect(Dialog(visitor.Page)).ToContainTextAsync("No movie has it.");
        await site.Api.AddMovieAsync($"New {_id}", null, $"Busy {_id}");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Meanwhile movies have got this genre.");
        await Expect(Dialog(visitor.Page)).ToContainTextAsync("One movie has it");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(visitor.Page.GetByText("The genre was deleted.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genre_that_somebody_else_deleted_is_told_and_what_was_typed_stays()
    {
        await site.Api.ExecuteAsync($"INSERT INTO genres (name) VALUES ({$"Lost {_id}"})");
        await using var visitor = await OpenAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Rename Lost {_id}" }).ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync($"Found {_id}");
        await site.Api.ExecuteAsync($"DELETE FROM genres WHERE name = {$"Lost {_id}"}");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Rename it" }).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has deleted or merged this genre meanwhile.");
        await Expect(visitor.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync($"Found {_id}");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Name_with_script_or_in_another_direction_is_text()
    {
        var name = $"<img src=x onerror=alert(1)> שלום {_id}";
        await site.Api.ExecuteAsync($"INSERT INTO genres (name) VALUES ({name[..Math.Min(50, name.Length)]})");
        await using var visitor = await OpenAsync(new() { ViewportSize = new() { Width = 360, Height = 740 } });

        await Expect(visitor.Page.GetByText("<img src=x onerror=alert(1)> שלום")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Moderator_sees_genres_and_cannot_change_them()
    {
        await site.Api.AddMovieAsync($"Seen {_id}", null, $"Seen {_id}");
        await using var visitor = await site.OpenAsync($"/genres?search={_id}", Roles.Moderator);

        await Expect(visitor.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("1 of");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "New genre" })).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Delete Seen {_id}" })).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = $"Seen {_id}" }).ClickAsync();
        await visitor.IsAtAsync("Movies");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = $"Seen {_id}" })).ToBeVisibleAsync();
    }

    private static ILocator Dialog(IPage page) => page.GetByRole(AriaRole.Dialog);

    private async Task<Visitor> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var visitor = await site.OpenAsync($"/genres?search={_id}", Roles.Admin, options);
        await visitor.IsAtAsync("Genres");
        return visitor;
    }
}
