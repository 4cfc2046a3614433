using Microsoft.Playwright;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>A page that remembers what a person would not see: errors, dialogs, and requests to anywhere else.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _troubles = [];

    public BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => Note($"error: {error}");
        page.Console += (_, message) =>
        {
            // A refused command is told to the person; the browser logs its status as well.
            if (message.Type == "error" && !message.Text.Contains("409", StringComparison.Ordinal))
            {
                Note($"console: {message.Text}");
            }
        };
        page.Dialog += (_, dialog) => Note($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!new Uri(request.Url).IsLoopback)
            {
                Note($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Goes to a page by the links that a person clicks, and waits until it is there.</summary>
    public async Task NavigateAsync(string page)
    {
        var link = Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = page });
        await link.ClickAsync();
        await Assertions.Expect(link).ToHaveAttributeAsync("aria-current", "page");
    }

    /// <summary>Whether the text is in view, now or within the deadline.</summary>
    public Task SeesAsync(string text) => Assertions.Expect(Page.Locator("main")).ToContainTextAsync(text, new() { Timeout = 30_000 });

    public Task SeesNotAsync(string text) => Assertions.Expect(Page.Locator("main")).Not.ToContainTextAsync(text, new() { Timeout = 30_000 });

    /// <summary>Takes troubles with this text as expected.</summary>
    public void Forget(string expected)
    {
        lock (_troubles)
        {
            _troubles.RemoveAll(trouble => trouble.Contains(expected, StringComparison.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        lock (_troubles)
        {
            Assert.Empty(_troubles);
        }
    }

    private void Note(string trouble)
    {
        lock (_troubles)
        {
            _troubles.Add(trouble);
        }
    }
}
