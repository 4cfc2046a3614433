using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Standalone.Dashboard.Bench;

/// <summary>The real AppHost in a process of its own, with data that are thrown away.</summary>
internal sealed class AppHost : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dashboard-bench-");
    private readonly Process _process;

    private AppHost(string assembly)
    {
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL's user must be able to pass through.
            _folder.UnixFileMode = (UnixFileMode)0b111_001_001;
        }

        OtlpUrl = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(Environment.ProcessPath!,
        [
            assembly, "--ASPNETCORE_URLS=http://localhost:0", "--DcpPublisher:RandomizePorts=true", "--Standalone:Postgres=process",
            $"--Standalone:DataFolder={Path.Combine(_folder.FullName, "data")}", $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={OtlpUrl}", $"--AppHost:OtlpApiKey={OtlpApiKey}",
        ])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_ENVIRONMENT"] = "Development", ["HOME"] = _folder.FullName },
        };
        _process = Process.Start(start)!;
    }

    public static string OtlpApiKey => "bench";

    public Uri OtlpUrl { get; }

    /// <summary>The address that logs a browser in.</summary>
    public Uri LoginUrl { get; private set; } = null!;

    /// <summary>Starts it and waits until everything is up.</summary>
    public static async Task<AppHost> StartAsync(string assembly)
    {
        const string Address = "Dashboard: ";
        var host = new AppHost(assembly);
        while (await host._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Address, StringComparison.Ordinal))
            {
                host.LoginUrl = new Uri(line[Address.Length..]);
            }
            else if (line.StartsWith("Everything is up", StringComparison.Ordinal))
            {
                _ = host._process.StandardOutput.ReadToEndAsync();
                return host;
            }
        }

        throw new InvalidOperationException("The AppHost did not start.");
    }

    /// <summary>Megabytes of the AppHost's own process: <c>VmRSS</c> now, <c>VmHWM</c> at most.</summary>
    public double Memory(string field) => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Single();

    public void Dispose()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
