using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>A server that an AppHost which was killed left behind, or just its lock file.</summary>
internal static class PostgresLeftover
{
    public static bool IsRunning(string location) => Find(Path.Combine(location, PostgresProcess.DataName)) is not null;

    /// <summary>Waits for the server to go, then makes it go, and removes a lock file that names nobody.</summary>
    public static async Task ClearAsync(string data, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var guard = new ProcessGuard();
        // The guard of that AppHost may be stopping it just now, and can use a moment.
        foreach (var (signal, limit) in new[] { ("0", 2), ("INT", 6), ("QUIT", 9), ("KILL", 12) })
        {
            if (Find(data) is not { } id)
            {
                break;
            }

            guard.Signal(id, signal);
            while (clock.Elapsed.TotalSeconds < limit && Find(data) is not null)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        if (Find(data) is { } stubborn)
        {
            throw new DistributedApplicationException($"A PostgreSQL server of an earlier run (process {stubborn}) still uses {data} and does not end. End it and start again.");
        }

        // Its number may belong to another program by now, which would keep PostgreSQL from starting.
        File.Delete(Path.Combine(data, "postmaster.pid"));
    }

    private static int? Find(string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        try
        {
            return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) && Serves(id, data) ? id : null;
        }
        catch (IOException)
        {
            return null; // Removed by the server just now.
        }
    }

    private static bool Serves(int id, string data)
    {
        try
        {
            // On Linux a server can be known for sure: its working directory is its data.
            if (OperatingSystem.IsLinux() && new FileInfo($"/proc/{id}/cwd").LinkTarget is { } folder)
            {
                return Path.GetFullPath(folder) == Path.GetFullPath(data);
            }

            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
