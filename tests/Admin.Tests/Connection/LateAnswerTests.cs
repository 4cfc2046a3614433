using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Connection;

/// <summary>What a page tells while the API is away, and for how long it waits.</summary>
public sealed class LateAnswerTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    /// <summary>With some seconds for a machine that does other things meanwhile; the site's own is 12 s.</summary>
    private const float Deadline = 20_000;

    [RequiresFact(Tool.Browser)]
    public async Task Restart_is_bridged_with_a_notice_and_what_was_sent_is_done_once()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Bridged");
        await site.StopApiAsync();

        await Save(visitor).ClickAsync();
        await Expect(Notice(visitor)).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await visitor.PageIsSoundAsync();
        site.StartApi();

        await Expect(visitor.Page.GetByText("The movie was saved.")).ToBeVisibleAsync();
        await Expect(Notice(visitor)).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "does not answer" })).ToHaveCountAsync(0);
        Assert.Equal(1, await site.Api.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_entries WHERE action = 'movie.updated' AND subject_id = {id}"));
    }

    [RequiresTheory(Tool.Browser)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dead_API_is_told_in_time_whether_its_connections_are_refused_or_silent(bool isSilent)
    {
        await using var visitor = await site.OpenAsync(
            null, options: new() { ViewportSize = new() { Width = 360, Height = 740 }, ReducedMotion = ReducedMotion.Reduce });
        await FillInAsync(visitor, isSilent ? "Silent" : "Refused");
        await site.StopApiAsync();
        // As a proxy does whose server is away.
        using var silence = new TcpListener(IPAddress.Loopback, site.ApiAddress.Port);
        if (isSilent)
        {
            silence.Start();
        }

        try
        {
            await Save(visitor).ClickAsync();
            await Expect(Notice(visitor)).ToBeVisibleAsync(new() { Timeout = 5_000 });
            await visitor.PageIsSoundAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.", new() { Timeout = Deadline });
            await Expect(Notice(visitor)).ToHaveCountAsync(0);
            await Expect(visitor.Page.GetByLabel("Director")).ToHaveValueAsync("Typed before");
        }
        finally
        {
            silence.Stop();
            site.StartApi();
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Slow_answer_of_an_API_that_is_alive_is_waited_for()
    {
        await using var visitor = await site.OpenAsync("/");
        await visitor.IsAtAsync("Home");
        var clock = Stopwatch.StartNew();
        site.LosesResponse = async request =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/genres", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromSeconds(15));
            }

            return false;
        };
        try
        {
            await visitor.InMenu("Genres").ClickAsync();
            await Expect(Notice(visitor)).ToBeVisibleAsync(new() { Timeout = 5_000 });
            await Expect(Notice(visitor)).ToHaveCountAsync(0);
        }
        finally
        {
            site.LosesResponse = null;
        }

        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(14), $"given up after {clock.Elapsed}");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await visitor.IsAtAsync("Genres");
    }

    private static ILocator Notice(Visitor visitor) => visitor.Page.GetByText("The API does not answer yet.");

    private static ILocator Save(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" });

    private async Task<long> FillInAsync(Visitor visitor, string title)
    {
        var id = await site.Api.AddMovieAsync(title);
        await visitor.GoToAsync($"/movies/{id}");
        await visitor.IsAtAsync(title);
        await visitor.Page.GetByLabel("Director").FillAsync("Typed before");
        return id;
    }
}
