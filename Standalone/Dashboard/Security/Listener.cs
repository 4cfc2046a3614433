using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MovieAspire.Standalone.Dashboard.Security;

/// <summary>Opens ports on loopback, and tells afterwards for which of them a request came.</summary>
internal static class Listener
{
    /// <summary>Listens at the address; requests that come in there are marked where it is for telemetry.</summary>
    /// <exception cref="ArgumentException">The address is not <c>http</c> on loopback.</exception>
    public static void Listen(this KestrelServerOptions kestrel, Uri url, HttpProtocols protocols, bool isOtlp = false)
    {
        if (!url.IsLoopback || url.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"The dashboard listens on loopback only, over http: give http://localhost:<port> instead of '{url}'.", nameof(url));
        }

        // Kestrel can't pick one free port for two addresses, so a picked one is IPv4's only; 'localhost' reaches it.
        if (url.Port != 0 && url.HostNameType == UriHostNameType.Dns)
        {
            kestrel.ListenLocalhost(url.Port, Configure);
        }
        else
        {
            kestrel.Listen(IPAddress.TryParse(url.DnsSafeHost, out var address) ? address : IPAddress.Loopback, url.Port, Configure);
        }

        void Configure(ListenOptions listen)
        {
            listen.Protocols = protocols;
            if (isOtlp)
            {
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new OtlpConnection());
                    return next(connection);
                });
            }
        }
    }

    public static bool IsOtlp(HttpContext context) => context.Features.Get<OtlpConnection>() is not null;

    private sealed class OtlpConnection;
}
