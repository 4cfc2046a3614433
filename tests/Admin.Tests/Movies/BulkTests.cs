using System.Diagnostics;
using MovieAspire.Admin.Movies;
using MovieAspire.Admin.SignIn;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.ApiClient.Models;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Admin.Tests.Movies;

/// <summary>Many movies at once.</summary>
public sealed class BulkTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private readonly AdvancedClock _clock = new();

    [RequiresFact(Tool.Browser)]
    public async Task Thousand_movies_are_deleted()
    {
        await site.Api.ExecuteAsync(
            $"INSERT INTO movies (title, release_date) SELECT 'Thousand ' || n, make_date(2000, 1, 1) FROM generate_series(1, 1000) AS n");
        await using var visitor = await site.OpenAsync("/movies?search=thousand&sort=title");
        var page = visitor.Page;
        await page.GetByLabel("Select this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all 1,000" }).ClickAsync();
        await Expect(page.GetByText("1,000 selected")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("1,000 movies for good");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete them" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("1,000 of 1,000 done", new() { Timeout = 120_000 });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.GetByText("No movie is like that.")).ToBeVisibleAsync();
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE 'Thousand %'"));
        Assert.Empty(visitor.Errors);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Genres_are_added_removed_and_set()
    {
        var id = await site.Api.AddMovieAsync("Genres of one", null, "Old", "Kept");
        await using var visitor = await site.OpenAsync("/movies?search=genres+of+one");

        await visitor.Page.GetByLabel("Select this page").CheckAsync();
        await ChangeGenresAsync(visitor, "Add genres", "Fresh", 1);
        await Expect(visitor.Page.Locator("tbody [data-label=Genres]")).ToHaveTextAsync("Fresh, Kept, Old");
        await visitor.Page.GetByLabel("Select this page").CheckAsync();
        await ChangeGenresAsync(visitor, "Remove genres", "Old", 1);
        await Expect(visitor.Page.Locator("tbody [data-label=Genres]")).ToHaveTextAsync("Fresh, Kept");
        await visitor.Page.GetByLabel("Select this page").CheckAsync();
        await ChangeGenresAsync(visitor, "Set exactly these", "Only", 1);
        await Expect(visitor.Page.Locator("tbody [data-label=Genres]")).ToHaveTextAsync("Only");

        Assert.Equal("Only", await site.Api.ScalarAsync<string>(
            $"SELECT string_agg(g.name, ',') FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = {id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task What_could_not_be_done_is_told_for_each_movie_and_stays_selected()
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            await site.Api.AddMovieAsync($"Partly {number}", null, [.. Enumerable.Range(1, number == 2 ? 20 : 1).Select(genre => $"Genre {genre}")]);
        }

        await using var visitor = await site.OpenAsync("/movies?search=partly&sort=title");
        var page = visitor.Page;
        await page.GetByLabel("Select this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Genres …" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change them" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Choose one at least.");
        await Expect(dialog.GetByRole(AriaRole.Combobox, new() { Name = "Genres" })).ToBeFocusedAsync();
        await PickAsync(page, "One too many");
        await visitor.PageIsSoundAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change them" }).ClickAsync();

        await Expect(dialog).ToContainTextAsync("2 of 3 done, 1 not done");
        await Expect(dialog.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Partly 2");
        await visitor.PageIsSoundAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Select Partly 2")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Select Partly 1")).Not.ToBeCheckedAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Movie_that_somebody_else_changes_at_the_same_moment_is_told_and_loses_neither_change()
    {
        foreach (var number in Enumerable.Range(1, 2))
        {
            await site.Api.AddMovieAsync($"Contended {number}", null, "Old");
        }

        var id = await site.Api.AddMovieAsync("Contended 3", null, "Old");
        await site.Api.ExecuteAsync($"INSERT INTO genres (name) VALUES ('Theirs')");
        await using var visitor = await site.OpenAsync("/movies?search=contended&sort=title");
        var page = visitor.Page;
        await page.GetByLabel("Select this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Genres …" }).ClickAsync();
        await PickAsync(page, "Ours");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await using (var other = new NpgsqlConnection(site.Api.ConnectionString))
        {
            // The site reads the movie as it was before, and its change waits for the other one.
            await other.OpenAsync();
            await other.ExecuteAsync("BEGIN");
            await other.ExecuteAsync("UPDATE movies SET director = 'Other' WHERE id = $1", id);
            await other.ExecuteAsync("INSERT INTO movie_genres (movie_id, genre_id) SELECT $1, id FROM genres WHERE name = 'Theirs'", id);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Change them" }).ClickAsync();
            await Eventually.HoldsAsync(
                () => other.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
                "the movie is being changed");
            await other.ExecuteAsync("COMMIT");
        }

        await Expect(dialog).ToContainTextAsync("2 of 3 done, 1 not done");
        await Expect(dialog.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Contended 3");
        await Expect(dialog.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Somebody else has just changed this.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try the rest again" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("3 of 3 done");
        Assert.Equal("Other: Old, Ours, Theirs", await site.Api.ScalarAsync<string>(
            $"""
            SELECT concat(director, ': ', string_agg(g.name, ', ' ORDER BY g.name))
            FROM movies m JOIN movie_genres mg ON mg.movie_id = m.id JOIN genres g ON g.id = mg.genre_id WHERE m.id = {id} GROUP BY m.id
            """));
    }

    [RequiresFact(Tool.Browser)]
    public async Task API_that_stops_in_the_middle_is_waited_for_and_each_movie_is_deleted_once()
    {
        const int stopAt = 20;
        await site.Api.ExecuteAsync(
            $"INSERT INTO movies (title, release_date) SELECT 'Interrupted ' || n, make_date(2000, 1, 1) FROM generate_series(1, 50) AS n");
        await using var visitor = await site.OpenAsync("/movies?search=interrupted&sort=title");
        var page = visitor.Page;
        await page.GetByLabel("Select this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        var answered = 0;
        site.LosesResponse = async request =>
        {
            if (request.Method != HttpMethod.Delete || Interlocked.Increment(ref answered) != stopAt)
            {
                return false;
            }

            await site.StopApiAsync();
            return true;
        };
        var dialog = page.GetByRole(AriaRole.Dialog);

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete them" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("it may be restarting. This goes on by itself");
        await visitor.PageIsSoundAsync();
        site.StartApi();

        await Expect(dialog).ToContainTextAsync("50 of 50 done");
        await Expect(dialog).Not.ToContainTextAsync("not done");
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE 'Interrupted %'"));
        Assert.Equal(50, await site.Api.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_entries WHERE action = 'movie.deleted' AND before ->> 'title' LIKE 'Interrupted %'"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Page_that_changes_movies_is_left_only_after_asking()
    {
        await site.Api.AddMovieAsync("Held fast");
        await using var visitor = await site.OpenAsync("/");
        var page = visitor.Page;
        List<string> asked = [];
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            await dialog.DismissAsync();
        };
        await visitor.InMenu("Movies").ClickAsync();
        await visitor.IsAtAsync("Movies");
        await visitor.Page.GetByLabel("Search title and director").FillAsync("held fast");
        await Expect(page.GetByText("One movie.")).ToBeVisibleAsync();
        await page.GetByLabel("Select Held fast").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        await using (var inUse = await TableInUse.TakeAsync(site.Api.ConnectionString, "movies", "SHARE"))
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Delete them" }).ClickAsync();
            await Eventually.HoldsAsync(inUse.IsWaitedForAsync, "the movie is being deleted");
            // The browser learns later than the database that the page is at work.
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToBeVisibleAsync();

            await page.EvaluateAsync("history.back()");
            await Eventually.HoldsAsync(() => asked is ["Not all movies are changed yet. Stop here?"], "it is asked");
        }

        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1 of 1 done");
    }

    [Fact]
    public async Task Limit_of_the_API_is_waited_for_as_long_as_it_says()
    {
        var run = new BulkRun(() => Task.CompletedTask, _clock);
        string? told = null;
        var tries = 0;
        var clock = Stopwatch.StartNew();

        await run.RunAsync([1], RefuseFirstAsync, CancellationToken.None);

        Assert.Equal([1], run.Done.Keys);
        Assert.Empty(run.Failed);
        Assert.Equal("The API takes no more changes for the moment. This goes on by itself within 1 s.", told);
        // .NET's timers may be some milliseconds early.
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));

        Task RefuseFirstAsync(long item, CancellationToken cancellationToken)
        {
            told = run.Waiting ?? told;
            return Interlocked.Increment(ref tries) == 1 ? throw TooMany(seconds: 1) : Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Run_that_waits_for_the_limit_is_stopped_at_once_and_keeps_what_is_done()
    {
        using var stop = new CancellationTokenSource();
        var first = new TaskCompletionSource();
        BulkRun? run = null;
        run = new BulkRun(() =>
        {
            if (run!.Waiting is not null)
            {
                stop.Cancel();
            }

            return Task.CompletedTask;
        }, _clock);

        await run.RunAsync([1, 2], RefuseSecondAsync, stop.Token);

        Assert.Equal([1], run.Done.Keys);
        Assert.Empty(run.Failed);
        Assert.False(run.IsRunning);

        async Task RefuseSecondAsync(long item, CancellationToken cancellationToken)
        {
            if (item == 1)
            {
                first.TrySetResult();
                return;
            }

            // Items are asked for at once, in any order.
            await first.Task;
            throw TooMany(seconds: 3_600);
        }
    }

    [Fact]
    public async Task Restart_of_the_API_is_waited_for_and_nothing_fails()
    {
        string? told = null;
        var run = new BulkRun(() => Task.CompletedTask, _clock);
        var tries = 0;

        await run.RunAsync([.. Enumerable.Range(1, 10)], FailTwiceAsync, CancellationToken.None);

        Assert.Equal(10, run.Done.Count);
        Assert.Empty(run.Failed);
        Assert.Null(run.Interruption);
        Assert.StartsWith("The API does not answer; it may be restarting.", told, StringComparison.Ordinal);

        Task FailTwiceAsync(long item, CancellationToken cancellationToken)
        {
            told = run.Waiting ?? told;
            return Interlocked.Increment(ref tries) switch
            {
                1 => throw new HttpRequestException("nobody listens"),
                2 => throw new Problem { Code = Problem_code.Unavailable, ResponseStatusCode = 503 },
                _ => Task.CompletedTask,
            };
        }
    }

    public static TheoryData<string> Interruptions => ["silence", "session", "role"];

    [Theory]
    [MemberData(nameof(Interruptions))]
    public async Task What_is_no_fault_of_a_movie_ends_the_run_and_the_rest_can_be_tried_again(string kind)
    {
        var run = new BulkRun(() => Task.CompletedTask, _clock);
        var first = new TaskCompletionSource();
        var isInterrupted = true;
        var tries = 0;

        await run.RunAsync([.. Enumerable.Range(1, 100)], RequestAsync, CancellationToken.None);

        Assert.Equal(kind == "session", run.Interruption!.IsSessionEnded);
        Assert.Empty(run.Failed);
        Assert.Equal([1], run.Done.Keys);
        Assert.InRange(tries, 2, 20);
        isInterrupted = false;
        await run.RunAsync([.. Enumerable.Range(1, 100)], RequestAsync, CancellationToken.None);
        Assert.Equal(100, run.Done.Count);
        Assert.Null(run.Interruption);

        async Task RequestAsync(long item, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref tries);
            if (item == 1)
            {
                first.TrySetResult();
            }

            if (item == 1 || !isInterrupted)
            {
                return;
            }

            // Items are asked for at once, in any order.
            await first.Task;
            _clock.Advance(TimeSpan.FromMinutes(1));
            throw kind switch
            {
                "silence" => new HttpRequestException("nobody listens"),
                "session" => new SessionEndedException(),
                _ => new Problem { Code = Problem_code.Forbidden, ResponseStatusCode = 403 },
            };
        }
    }

    private static Problem TooMany(int seconds) => new()
    {
        Code = Problem_code.Too_many_requests,
        ResponseStatusCode = 429,
        ResponseHeaders = new Dictionary<string, IEnumerable<string>> { ["Retry-After"] = [$"{seconds}"] },
    };

    [RequiresFact(Tool.Browser)]
    public async Task What_is_typed_as_soon_as_a_dialog_is_there_is_kept_on_a_slow_connection()
    {
        await site.Api.AddMovieAsync("From afar");
        await using var visitor = await site.OpenAsync(null);
        await visitor.SlowDownAsync();
        await visitor.GoToAsync("/movies?search=from+afar");
        await visitor.Page.GetByLabel("Select this page").CheckAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Genres …" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox, new() { Name = "Genres" })
            .PressSequentiallyAsync("Faraway", new() { Delay = Visitor.TypingDelay });

        await visitor.Page.Locator(".mud-list-item", new() { HasText = "Faraway" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Faraway" })).ToBeVisibleAsync();
    }

    private static async Task ChangeGenresAsync(Visitor visitor, string how, string genre, int count)
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Genres …" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText(how).ClickAsync();
        await PickAsync(page, genre);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change them" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync($"{count:N0} of {count:N0} done", new() { Timeout = 120_000 });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Selected movies" })).ToContainTextAsync("None selected");
    }

    private static async Task PickAsync(IPage page, string genre)
    {
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox, new() { Name = "Genres" }).FillAsync(genre);
        await page.Locator(".mud-list-item", new() { HasText = genre }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Remove {genre}" })).ToBeVisibleAsync();
    }
}
