using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MovieAspire.Standalone.Dashboard.Bench;

/// <summary>Starts the AppHost and the flood, looks at pages meanwhile and says how it went.</summary>
internal static class Observer
{
    private static readonly string[] Pages = ["/", "/traces", "/traces?q=no-such-text", "/logs", "/metrics"];

    public static async Task RunAsync(string assembly, string seconds, string spansPerSecond)
    {
        using var host = await AppHost.StartAsync(assembly);
        using var browser = new HttpClient { BaseAddress = host.LoginUrl };
        await browser.GetStringAsync(host.LoginUrl);
        Print($"memory when everything is up  {host.Memory("VmRSS"),5:0} MB");

        using var sender = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [typeof(Observer).Assembly.Location, "send", $"{host.OtlpUrl}", AppHost.OtlpApiKey, seconds, spansPerSecond]) { RedirectStandardOutput = true })!;
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

        using var kept = JsonDocument.Parse(await browser.GetStringAsync("/api/telemetry/traces?resource=flood&limit=1"));
        Print($"spans sent {(await sender.StandardOutput.ReadToEndAsync()).Trim()}, traces kept {kept.RootElement.GetProperty("total").GetInt32()}");
        Print($"memory at its peak            {host.Memory("VmHWM"),5:0} MB");
        foreach (var (page, took) in times)
        {
            took.Sort();
            Print($"{page,-24} median {took[took.Count / 2],6:0.0} ms   p95 {took[took.Count * 95 / 100],6:0.0} ms   worst {took[^1],6:0.0} ms");
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
