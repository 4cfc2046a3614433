using Microsoft.Playwright;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>A headless Chromium of this machine. Where there is none the tests fail and say how to get one: a page that nobody looked at is not tested.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        // Chromium's own sandbox needs privileges that containers lack; the pages are the dashboard's.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = ["--no-sandbox"] });
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

    private static string Find() =>
        Environment.GetEnvironmentVariable("CHROMIUM_PATH")
        ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "The browser tests need Chromium or Chrome: 'apt-get install chromium' on Debian, or the path of its executable in CHROMIUM_PATH.");
}
