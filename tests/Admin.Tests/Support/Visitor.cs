using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Support;

/// <summary>A person with a browser of their own: cookies and pages are shared with no other visitor.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private static readonly string? PictureFolder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    private static readonly string[] Serious = ["serious", "critical"];

    // Run in the page itself: Deque's package for Playwright opens another page each time, for the sake of frames, which the site has not.
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // One browser for all tests; it ends with the process.
    private static readonly Lazy<Task<IBrowser>> Browser = new(async () =>
    {
        SetDefaultExpectTimeout(30_000);
        var playwright = await SteadyNetwork.StartAsync(Playwright.CreateAsync);
        // Chromium's own sandbox needs privileges that containers lack; the pages are the site's.
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Prerequisite.Browser, Args = ["--no-sandbox"] });
    });

    /// <summary>Between the keys that a person presses, in milliseconds.</summary>
    public const int TypingDelay = 150;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(150);

    private readonly IBrowserContext _context;
    private readonly Uri _address;

    private Visitor(IBrowserContext context, Uri address, IPage page) => (_context, _address, Page) = (context, address, page);

    public IPage Page { get; private set; }

    /// <summary>Of the account that is signed in, where the fixture made it.</summary>
    public string Email { get; set; } = "";

    /// <summary>What the browser reported: mistakes of scripts, and what the content security policy refused.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Visitor> OpenAsync(Uri address, BrowserNewContextOptions? options)
    {
        var context = await (await Browser.Value).NewContextAsync(
            options ?? new() { ViewportSize = new() { Width = 1280, Height = 800 }, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(30_000);
        var visitor = new Visitor(context, address, await context.NewPageAsync());
        visitor.Listen(visitor.Page);
        return visitor;
    }

    /// <summary>From the next page on, what goes to the site and what comes back is late, as from far away.</summary>
    public Task SlowDownAsync() => Page.RouteWebSocketAsync(new Regex("/_blazor"), connection =>
    {
        var site = connection.ConnectToServer();
        connection.OnMessage(Late(site.Send, site.Send));
        site.OnMessage(Late(connection.Send, connection.Send));
    });

    /// <summary>Opens an address of the site in the present tab.</summary>
    public Task<IResponse?> GoToAsync(string path) => Page.GotoAsync(new Uri(_address, path).ToString());

    /// <summary>A page's link in the menu; pages link to each other, too.</summary>
    public ILocator InMenu(string name) =>
        Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name });

    /// <summary>Goes on in another tab.</summary>
    public async Task<IPage> OpenTabAsync()
    {
        Page = await _context.NewPageAsync();
        Listen(Page);
        return Page;
    }

    /// <summary>Goes to the site and fills in the form of the page that it shows.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await GoToAsync("/");
        await Page.GetByLabel("Email").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Waits until the page has this heading, and so is there to be used.</summary>
    public Task IsAtAsync(string heading) =>
        Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = heading, Exact = true })).ToBeVisibleAsync();

    public Task AddCookieAsync(string name, string value) =>
        _context.AddCookiesAsync([new() { Name = name, Value = value, Url = _address.ToString() }]);

    public Task<IReadOnlyList<BrowserContextCookiesResult>> CookiesAsync() => _context.CookiesAsync();

    /// <summary>
    /// Asserts that axe-core finds nothing serious on the page, and what <see cref="PageFitsAsync"/> does.
    /// </summary>
    public async Task PageIsSoundAsync()
    {
        await Page.EvaluateAsync(Axe);
        var findings = await Page.EvaluateAsync<string[]>(
            """
            async serious => (await axe.run({ resultTypes: ['violations'] })).violations
                .filter(violation => serious.includes(violation.impact))
                .map(violation => `${violation.id}: ${violation.help}: ${violation.nodes.map(node => node.html).join(' | ')}`)
            """,
            Serious);
        Assert.True(findings.Length == 0, string.Join('\n', findings));
        await PageFitsAsync();
    }

    /// <summary>Asserts that the page is not wider than the window, and that the browser reported no error.</summary>
    public async Task PageFitsAsync()
    {
        Assert.True(
            await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "The page is wider than the window.");
        Assert.Empty(Errors);
    }

    /// <summary>Takes a picture for the documentation, where docs/screenshots.sh asks for them.</summary>
    public async Task TakePictureAsync(string name)
    {
        if (PictureFolder is not null)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(PictureFolder, $"{name}.png") });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    /// <summary>Passes messages on in their order, each a moment after it came.</summary>
    private static Action<IWebSocketFrame> Late(Action<byte[]> sendBytes, Action<string> sendText)
    {
        var last = Task.CompletedTask;
        return frame => last = PassOnAsync(last, Task.Delay(Latency), frame);

        async Task PassOnAsync(Task before, Task delay, IWebSocketFrame frame)
        {
            await Task.WhenAll(before, delay);
            if (frame.Binary is { } bytes)
            {
                sendBytes(bytes);
            }
            else
            {
                sendText(frame.Text!);
            }
        }
    }

    private void Listen(IPage page)
    {
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Errors.Add(message.Text);
            }
        };
    }
}
