// usage: dotnet run --project Browser -- SITE API PROCESS PAGES SESSIONS     of bench/admin.sh, which starts what this asks
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MovieAspire.Testing;

const string Password = "correct horse battery staple";
var (site, api) = (args[0], args[1]);
var (process, pages, sessions) = (Number(2), Number(3), Number(4));

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(
    new() { ExecutablePath = Prerequisite.Browser ?? throw new InvalidOperationException("Chromium is missing."), Args = ["--no-sandbox"] });
using var http = new HttpClient { BaseAddress = new($"{api}/api/v1/") };
var login = await http.PostAsJsonAsync("auth/login", new { email = "person1@example.org", password = Password });
var token = (await login.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["accessToken"]!.GetValue<string>();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

await ReportMemoryAsync("started");
var first = await SignInAsync(1);
await OpenListAndFormAsync(first);
await ReportMemoryAsync("one session");

// What the site adds to pages of the list, the one after the other.
foreach (var list in new[] { "sort=-popularity", "sort=title&genre=Genre+1" })
{
    await MeasureAsync(first, list);
}

var others = new List<IPage>();
for (var n = 2; n <= sessions; n++)
{
    var page = await SignInAsync(n);
    await OpenListAndFormAsync(page);
    others.Add(page);
}

await ReportMemoryAsync($"{sessions} sessions");
return;

async Task<IPage> SignInAsync(int user)
{
    var page = await (await browser.NewContextAsync()).NewPageAsync();
    await page.GotoAsync($"{site}/movies");
    await page.GetByLabel("Email").FillAsync($"person{user}@example.org");
    await page.GetByLabel("Password").FillAsync(Password);
    await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    return page;
}

async Task OpenListAndFormAsync(IPage page)
{
    await page.GetByRole(AriaRole.Table, new() { Name = "Movies" }).GetByRole(AriaRole.Link).Nth(10).ClickAsync();
    await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.WaitForAsync();
}

// Each page is asked from the API first, as the site asks it, then from the site by a click on "Next page".
async Task MeasureAsync(IPage page, string list)
{
    var socket = await SocketTimes.StartAsync(page);
    List<double> alone = [], through = [], beyond = [];
    string? cursor = null;

    // The first page comes by its address: everything that the site sends to a browser that has just come.
    var rows = await ReadAsync();
    var begun = Stopwatch.GetTimestamp();
    await page.GotoAsync($"{site}/movies?{list}");
    await page.GetByText(rows.Title, new() { Exact = true }).First.WaitForAsync();
    var whole = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    var opened = socket.MillisecondsUntil(rows.Title);
    var document = await DocumentMillisecondsAsync();

    for (var n = 0; n < pages; n++)
    {
        rows = await ReadAsync();
        alone.Add(rows.Milliseconds);
        var next = page.GetByRole(AriaRole.Link, new() { Name = "Next page" });
        await next.WaitForAsync();
        socket.Clear();
        await next.ClickAsync();
        await page.GetByText(rows.Title, new() { Exact = true }).First.WaitForAsync();
        through.Add(socket.MillisecondsUntil(rows.Title));
        beyond.Add(through[^1] - alone[^1]);
    }

    Console.WriteLine(
        $"{list}: opened by its address in {whole:0} ms in the browser, of which the document {document:0}, its connection to rows {opened:0}");
    Console.WriteLine($"  {"API alone",-12} {Both(alone)}\n  {"site",-12} {Both(through)}\n  {"beyond it",-12} {Both(beyond)}");

    async Task<(string Title, double Milliseconds)> ReadAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await http.GetAsync($"movies?{list}&limit=50{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
        var body = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        cursor = body["nextCursor"]?.GetValue<string>() ?? throw new InvalidOperationException("The list has too few pages.");
        return (body["items"]![0]!["title"]!.GetValue<string>(), elapsed);
    }

    async Task<double> DocumentMillisecondsAsync() => await page.EvaluateAsync<double>(
        "(() => { const [page] = performance.getEntriesByType('navigation'); return page.responseEnd - page.requestStart; })()");
}

async Task ReportMemoryAsync(string what)
{
    var status = await File.ReadAllLinesAsync($"/proc/{process}/status");
    Console.WriteLine(
        $"{what}: {Megabytes("VmRSS")} MB, {Megabytes("RssAnon")} MB of it its own, the rest mapped program files; "
        + $"peak {Megabytes("VmHWM")} MB");

    long Megabytes(string name) => long.Parse(
        status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture) / 1024;
}

int Number(int n) => int.Parse(args[n], CultureInfo.InvariantCulture);

static string Both(List<double> values)
{
    values.Sort();
    return $"median {values[values.Count / 2],6:0.0} ms, 95th percentile {values[(int)Math.Ceiling(values.Count * 0.95) - 1],6:0.0} ms";
}

/// <summary>When messages went over a page's connection, by the browser's own clock.</summary>
internal sealed class SocketTimes
{
    private readonly List<(double Seconds, bool IsSent, byte[] Bytes)> _frames = [];

    public static async Task<SocketTimes> StartAsync(IPage page)
    {
        var times = new SocketTimes();
        var devTools = await page.Context.NewCDPSessionAsync(page);
        devTools.Event("Network.webSocketFrameSent").OnEvent += (_, frame) => times.Add(frame!.Value, isSent: true);
        devTools.Event("Network.webSocketFrameReceived").OnEvent += (_, frame) => times.Add(frame!.Value, isSent: false);
        await devTools.SendAsync("Network.enable");
        return times;
    }

    public void Clear()
    {
        lock (_frames)
        {
            _frames.Clear();
        }
    }

    /// <summary>From the first message of the browser until the one of the site that has this text.</summary>
    public double MillisecondsUntil(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        lock (_frames)
        {
            var begin = _frames.First(frame => frame.IsSent && frame.Bytes.Length > 3).Seconds;
            return (_frames.First(frame => !frame.IsSent && frame.Bytes.AsSpan().IndexOf(bytes) >= 0).Seconds - begin) * 1000;
        }
    }

    private void Add(System.Text.Json.JsonElement frame, bool isSent)
    {
        var response = frame.GetProperty("response");
        var data = response.GetProperty("payloadData").GetString()!;
        var bytes = response.GetProperty("opcode").GetInt32() == 2 ? Convert.FromBase64String(data) : Encoding.UTF8.GetBytes(data);
        lock (_frames)
        {
            _frames.Add((frame.GetProperty("timestamp").GetDouble(), isSent, bytes));
        }
    }
}
