using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>A server that a killed run left behind, or only its lock file.</summary>
internal static class LeftoverServer
{
    /// <summary>Waits a moment for the server to stop, then stops it, and removes a stale lock file.</summary>
    public static async Task StopAsync(string data, CancellationToken cancellationToken)
    {
        // Wait a second first: the orchestrator of a killed AppHost may be stopping its processes right now.
        foreach (var (signal, seconds) in new[] { ("0", 1), ("INT", 5), ("QUIT", 3), ("KILL", 3) })
        {
            var clock = Stopwatch.StartNew();
            if (Find(data) is { } found)
            {
                await SignalAsync(found, signal, cancellationToken);
            }

            while (Find(data) is not null && clock.Elapsed.TotalSeconds < seconds)
            {
                await Task.Delay(20, cancellationToken);
            }
        }

        if (Find(data) is { } id)
        {
            throw new DistributedApplicationException(
                $"A PostgreSQL server of an earlier run (process {id}) still uses {data} and does not end. End it and start again.");
        }

        // PostgreSQL removes a stale lock file itself, unless another program has this process id by now.
        if (NumberIn(data) is { } reused && IsAlive(reused))
        {
            File.Delete(LockFile(data));
        }
    }

    private static async Task SignalAsync(int id, string signal, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            await Programs.RunAsync(
                ["/bin/kill", "-s", signal, id.ToString(CultureInfo.InvariantCulture)],
                TimeSpan.FromSeconds(2),
                cancellationToken: cancellationToken);
        }
        else if (signal == "KILL")
        {
            using var server = Process.GetProcessById(id);
            server.Kill(entireProcessTree: true);
        }
    }

    private static string LockFile(string data) => Path.Combine(data, "postmaster.pid");

    private static int? Find(string data) => NumberIn(data) is { } id && Serves(id, data) ? id : null;

    private static int? NumberIn(string data)
    {
        try
        {
            return int.TryParse(File.ReadLines(LockFile(data)).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static bool Serves(int id, string data)
    {
        try
        {
            // On Linux this is certain: a server's working directory is its data folder.
            if (OperatingSystem.IsLinux())
            {
                return File.ReadAllText(LockFile($"/proc/{id}/cwd")) == File.ReadAllText(LockFile(data));
            }

            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
