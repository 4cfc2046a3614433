using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Testing;

/// <summary>A port for a server of a test.</summary>
public static class FreePort
{
    // Below those that systems and Docker hand out by themselves, who could take one before the test's server does.
    private const int First = 15_000;
    private const int AfterLast = 32_000;

    /// <summary>A port of the loopback address that nobody listens on.</summary>
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
                // Somebody else's; there are many.
            }
        }
    }
}
