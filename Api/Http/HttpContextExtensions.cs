using System.Net;

namespace MovieAspire.Api.Http;

internal static class HttpContextExtensions
{
    /// <summary>
    /// The network address of the client, or null if unknown. A dual-stack socket reports IPv4 addresses as IPv6; they are mapped back.
    /// </summary>
    public static IPAddress? GetClientAddress(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        var address => address,
    };
}
