using System.Security.Cryptography;
using System.Text;

namespace MovieAspire.Api.Protocol.Idempotency;

/// <summary>SHA-256 over what a request asks for: method, address, type and body.</summary>
internal static class RequestHash
{
    /// <summary>Reads the body, aside in a file once it is long, and lets it be read again.</summary>
    public static async Task<byte[]> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
