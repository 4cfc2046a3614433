using Microsoft.Playwright;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>What holds for every page.</summary>
public sealed class EveryPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private static readonly string[] Pages = ["/", "/?view=graph", "/?selected=api", "/console?resource=api", "/logs?selected=1", "/traces", "/traces/00000000000000000000000000000001?selected=0000000000000002", "/metrics"];

    [BrowserFact]
    public async Task On_a_telephone_nothing_is_wider_than_the_screen()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl, width: 360, height: 740);

        foreach (var path in Pages)
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            Assert.True(await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360, path);
        }
    }

    [BrowserFact]
    public async Task Every_control_has_a_name_every_page_one_heading_and_no_id_twice()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);

        foreach (var path in Pages)
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            Assert.Equal(1, await opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync());
            Assert.Empty(await opened.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')]
                  .filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim() || e.title)).map(e => e.outerHTML)
                """));
            Assert.Empty(await opened.Page.EvaluateAsync<string[]>("""
                () => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i); }
                """));
        }
    }

    [BrowserFact]
    public async Task Script_that_came_in_with_telemetry_does_not_run()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running(Hostile) with { Commands = [new ResourceCommand("start", Hostile, Hostile, Hostile, IsHighlighted: true)] }];
        dashboard.Resources.Write(Hostile, Hostile);
        await ShopDashboard.SendAsync(dashboard, "/v1/logs", Envelope(Hostile, Log(Hostile, 17, Tagged(6, Hostile, Hostile))));
        await ShopDashboard.SendAsync(dashboard, "/v1/metrics", Envelope(Hostile, Gauge(Hostile, 1)));
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);

        foreach (var path in (string[])["/", $"/?view=graph&selected={Uri.EscapeDataString(Hostile)}", "/console", "/logs?selected=3", $"/metrics?resource={Uri.EscapeDataString(Hostile)}"])
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            await opened.SeesAsync("onerror=alert(1)"[..10]);
            Assert.Equal(0, await opened.Page.Locator("img").CountAsync());
        }
    }
}
