using Microsoft.Playwright;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>A headless Chromium of this machine.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Remedy =
        "The browser tests need Chromium or Chrome: 'apt-get install chromium' on Debian, or the path of its executable in CHROMIUM_PATH.";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Null where there is none.</summary>
    public static string? Executable => Environment.GetEnvironmentVariable("CHROMIUM_PATH")
        ?? Prerequisite.OnPath(Names.Select(name => OperatingSystem.IsWindows() ? $"{name}.exe" : name));

    public async Task InitializeAsync()
    {
        if (Needs.Browser is not null)
        {
            // The tests are skipped; the fixture is made nevertheless.
            return;
        }

        _playwright = await Playwright.CreateAsync();
        // Chromium's own sandbox needs privileges that containers lack; the pages are the dashboard's.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable ?? throw new InvalidOperationException(Remedy), Args = ["--no-sandbox"] });
    }

    /// <summary>A page with a session of its own.</summary>
    public async Task<BrowserPage> OpenAsync(Uri loginUrl, int width = 1280, int height = 800, ColorScheme colorScheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colorScheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new BrowserPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(loginUrl.ToString());
        return page;
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }
}
