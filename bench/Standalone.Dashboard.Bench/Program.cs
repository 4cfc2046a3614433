using System.Globalization;
using MovieAspire.Standalone.Dashboard.Bench;

// One program, two processes: 'send' floods, everything else looks at the AppHost's dashboard meanwhile.
if (args is ["send", var endpoint, var key, var length, var rate])
{
    await Sender.RunAsync(new Uri(endpoint), key, TimeSpan.FromSeconds(Number(length)), Number(rate));
}
else
{
    await Observer.RunAsync(args[0], args[1], args[2]);
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
