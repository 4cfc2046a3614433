using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Testing;

/// <summary>Finds ports for servers of tests.</summary>
public static class FreePort
{
    // Below the ephemeral ports, which the system or Docker could assign before the test's server listens.
    private const int First = 15_000;
    private const int AfterLast = 32_000;

    /// <summary>A port of the loopback address on which nothing listens.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, AfterLast);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The port is taken: try another one.
            }
        }
    }
}
