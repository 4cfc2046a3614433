using System.Globalization;
using MovieAspire.Standalone.Dashboard.Bench;

// One program, two processes: 'send' floods, everything else is the dashboard and whoever looks at it.
if (args is ["send", var endpoint, var key, var length, var rate])
{
    await Sender.RunAsync(new Uri(endpoint), key, TimeSpan.FromSeconds(Number(length)), Number(rate));
}
else
{
    await Observer.RunAsync(Number(args.ElementAtOrDefault(0) ?? "60"), Number(args.ElementAtOrDefault(1) ?? "5000"));
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
