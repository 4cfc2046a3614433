using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Testing;

/// <summary>A port for a server of a test.</summary>
public static class FreePort
{
    /// <summary>A port of the loopback address that nobody listens on.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
