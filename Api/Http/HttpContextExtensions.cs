using System.Net;

namespace MovieAspire.Api.Http;

internal static class HttpContextExtensions
{
    /// <summary>
    /// The network address of the client, or null where it is not known. On a socket for both versions of IP, one of version 4 comes as one
    /// of version 6; people know the former.
    /// </summary>
    public static IPAddress? GetClientAddress(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        var address => address,
    };
}
