using System.Net;
using System.Text.RegularExpressions;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Security;

public sealed partial class CommandTests
{
    private const string Path = "/resources/backup/commands/start";

    [Fact]
    public async Task A_form_of_the_page_is_carried_out()
    {
        await using var dashboard = await StartAsync();
        using var browser = await dashboard.LogInAsync();
        var token = FormToken().Match(await browser.GetStringAsync("/")).Groups[1].Value;

        using var response = await browser.PostAsync(Path, new FormUrlEncodedContent([new("_form", token)]));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["backup/start"], dashboard.Resources.Executed);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("wrong", null)]
    [InlineData("right", "cross-site")]
    [InlineData("right", "same-site")]
    public async Task A_form_of_another_site_is_not(string? token, string? site)
    {
        await using var dashboard = await StartAsync();
        using var browser = await dashboard.LogInAsync();
        var right = FormToken().Match(await browser.GetStringAsync("/")).Groups[1].Value;
        if (site is not null)
        {
            browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        }

        using var response = await browser.PostAsync(Path, new FormUrlEncodedContent([new("_form", token == "right" ? right : token)]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(dashboard.Resources.Executed);
    }

    [Fact]
    public async Task A_script_with_the_token_is_obeyed_and_told_the_outcome()
    {
        await using var dashboard = await StartAsync();

        using var good = await dashboard.Script.PostAsync($"/api{Path}", null);
        using var bad = await dashboard.Script.PostAsync("/api/resources/backup/commands/break", null);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (good.StatusCode, bad.StatusCode));
        Assert.Contains("broke", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_is_not_enough_for_a_script()
    {
        await using var dashboard = await StartAsync();
        using var browser = await dashboard.LogInAsync();

        using var response = await browser.PostAsync($"/api{Path}", null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(dashboard.Resources.Executed);
    }

    private static async Task<RunningDashboard> StartAsync()
    {
        var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("backup") with { Commands = [new ResourceCommand("start", "Start", IsHighlighted: true)] }];
        return dashboard;
    }

    [GeneratedRegex("name=\"_form\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormToken();
}
