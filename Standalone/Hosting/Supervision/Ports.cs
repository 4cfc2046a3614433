using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Picks free ports and explains taken ones.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <param name="port">The port.</param>
    /// <param name="whatFor">Who needs it.</param>
    /// <param name="setting">Where another one can be chosen.</param>
    /// <exception cref="DistributedApplicationException">Somebody listens on the port.</exception>
    public static async Task RequireFreeAsync(int port, string whatFor, string? setting = null)
    {
        if (IsFree(port, IPAddress.Loopback) && (!Socket.OSSupportsIPv6 || IsFree(port, IPAddress.IPv6Loopback)))
        {
            return;
        }

        var owner = await PortOwner.FindAsync(port);
        throw new DistributedApplicationException(
            $"Port {port}, which {whatFor} needs, is taken{(owner is null ? "" : $" by {owner}")}. End that program, or choose another port{(setting is null ? "" : $" in {setting}")}.");
    }

    private static bool IsFree(int port, IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: a port whose last connections are still fading out is free.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not (SocketError.AddressAlreadyInUse or SocketError.AccessDenied);
        }
    }
}

/// <summary>Finds out who listens on a port.</summary>
internal static class PortOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Such as "nginx (process 812)"; null where the system does not tell.</summary>
    public static async Task<string?> FindAsync(int port)
    {
        var id = OperatingSystem.IsLinux() ? FromProc(port) : null;
        id ??= await FromLsofAsync(port);
        if (id is null)
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(id.Value);
            return $"{Program(process)} (process {id})";
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return null; // It ended just now.
        }
    }

    /// <summary>Many programs are called dotnet; what it runs tells them apart.</summary>
    private static string Program(Process process) =>
        process.ProcessName == "dotnet" && OperatingSystem.IsLinux()
        && File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0').FirstOrDefault(part => part.EndsWith(".dll", StringComparison.Ordinal)) is { } assembly
            ? $"{process.ProcessName} {Path.GetFileName(assembly)}" : process.ProcessName;

    private static int? FromProc(int port)
    {
        var inodes = Tables.Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            // 0A = LISTEN; the address reads HEX:PORT.
            .Where(fields => fields[3] == "0A" && int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        return inodes.Count == 0 ? null : Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Cast<int?>()
            .FirstOrDefault(id => Owns(id!.Value, inodes));
    }

    private static bool Owns(int id, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{id}/fd").Any(fd => new FileInfo(fd).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return false; // Another user's process, or one that just ended.
        }
    }

    private static async Task<int?> FromLsofAsync(int port) =>
        !OperatingSystem.IsWindows() && Executables.Find("lsof") is { } lsof
        && await Tool.RunAsync(new Command(lsof, ["-nP", $"-iTCP:{port}", "-sTCP:LISTEN", "-t"]), TimeSpan.FromSeconds(2)) is { Succeeded: true } result
        && int.TryParse(result.Output.Split('\n')[0], CultureInfo.InvariantCulture, out var id) ? id : null;
}
