using System.Diagnostics;
using System.Globalization;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Bench;

/// <summary>Starts the dashboard and the flood, looks at pages meanwhile and says how it went.</summary>
internal static class Observer
{
    private static readonly string[] Pages = ["/", "/traces", "/traces?q=no-such-text", "/logs", "/metrics"];

    public static async Task RunAsync(int seconds, int spansPerSecond)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var server = await DashboardServer.StartAsync(new DashboardOptions { FrontendUrl = new Uri("http://localhost:0") }, new NoResources());
        Print($"started in          {Stopwatch.GetElapsedTime(begun).TotalMilliseconds,8:0} ms");
        Print($"memory when idle    {Memory("VmRSS"),8:0} MB");

        using var browser = new HttpClient { BaseAddress = server.Options.FrontendUrl };
        await browser.GetStringAsync(server.LoginUrl);
        using var sender = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [typeof(Observer).Assembly.Location, "send", $"{server.Options.OtlpGrpcUrl}", server.Options.OtlpApiKey, $"{seconds}", $"{spansPerSecond}"]) { RedirectStandardOutput = true })!;
        var times = Pages.ToDictionary(page => page, _ => new List<double>());
        while (!sender.HasExited)
        {
            foreach (var page in Pages)
            {
                var asked = Stopwatch.GetTimestamp();
                await browser.GetStringAsync(page);
                times[page].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            await Task.Delay(200);
        }

        var sent = int.Parse(await sender.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
        var (latest, kept) = server.Telemetry.Traces.Find(new TraceQuery { Limit = 1 });
        Print($"spans sent          {sent,8}   kept: {kept} traces, {kept * latest[0].Spans} spans");
        Print($"memory at its peak  {Memory("VmHWM"),8:0} MB");
        foreach (var (page, took) in times)
        {
            took.Sort();
            Print($"{page,-24} median {took[took.Count / 2],6:0.0} ms   p95 {took[took.Count * 95 / 100],6:0.0} ms   worst {took[^1],6:0.0} ms");
        }
    }

    private static double Memory(string field) => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/status").Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Single()
        : Process.GetCurrentProcess().WorkingSet64 / 1048576.0;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
