// A process to be supervised: it behaves as its first argument says.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

switch (args)
{
    case ["exit", var code, .. var lines]:
        Array.ForEach(lines, Console.WriteLine);
        return int.Parse(code, CultureInfo.InvariantCulture);

    case ["stubborn"]:
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true))
        {
            Console.WriteLine($"stubborn is {Environment.ProcessId}");
            Thread.Sleep(Timeout.Infinite);
        }

        return 0;

    case ["family"]:
        using (var child = Process.Start("sleep", "600"))
        {
            Console.WriteLine($"parent is {Environment.ProcessId}");
            Console.WriteLine($"grandchild is {child.Id}");
            Thread.Sleep(Timeout.Infinite);
        }

        return 0;

    case ["serve", var unhealthyAnswers]:
        var left = int.Parse(unhealthyAnswers, CultureInfo.InvariantCulture);
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/health", () => Interlocked.Decrement(ref left) >= 0 ? Results.StatusCode(503) : Results.Ok());
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
        app.MapGet("/directory", Directory.GetCurrentDirectory);
        app.MapPost("/calls", (HttpRequest request) => request.Headers.ContainsKey("x-refuse") ? Results.StatusCode(418) : Results.Ok());
        app.MapPost("/exit", (int code) => Environment.Exit(code));
        await app.RunAsync();
        return 0;

    default:
        await Console.Error.WriteLineAsync($"The subject does not know '{string.Join(' ', args)}'.");
        return 64;
}
