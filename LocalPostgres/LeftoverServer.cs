using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>What a killed run left behind: a server, only the processes of its sessions, or only its lock file.</summary>
internal static class LeftoverServer
{
    private const string Name = "postgres";

    /// <summary>Waits a moment for the processes to stop, then stops them, and removes a stale lock file.</summary>
    public static async Task StopAsync(string data, CancellationToken cancellationToken)
    {
        // Wait a second first: the orchestrator of a killed AppHost may be stopping its processes right now.
        foreach (var (signal, seconds) in new[] { ("0", 1), ("INT", 5), ("QUIT", 3), ("KILL", 3) })
        {
            var clock = Stopwatch.StartNew();
            foreach (var found in Find(data))
            {
                await SignalAsync(found, signal, cancellationToken);
            }

            while (Find(data).Count > 0 && clock.Elapsed.TotalSeconds < seconds)
            {
                await Task.Delay(20, cancellationToken);
            }
        }

        if (Find(data) is [var id, ..])
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

    /// <summary>The server; if it is gone, the processes of its sessions, which keep the next server from starting until they notice that.</summary>
    private static List<int> Find(string data) =>
        NumberIn(data) is not { } id ? []
        : Serves(id, data) ? [id]
        : OperatingSystem.IsLinux() ? FindSessions(data)
        : [];

    private static List<int> FindSessions(string data)
    {
        var sessions = new List<int>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Serves(process.Id, data))
                {
                    sessions.Add(process.Id);
                }
            }
        }

        return sessions;
    }

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
            // On Linux this is certain: the working directory of a server and its sessions is its data folder.
            if (OperatingSystem.IsLinux())
            {
                return File.ReadAllText($"/proc/{id}/comm").StartsWith(Name, StringComparison.Ordinal)
                    && File.ReadAllText(LockFile($"/proc/{id}/cwd")) == File.ReadAllText(LockFile(data));
            }

            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith(Name, StringComparison.OrdinalIgnoreCase);
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
