using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A request's body in a pooled buffer, never longer than <see cref="MaxLength"/>, however small it was compressed.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Bytes of one request, unpacked; the SDKs send batches of a tenth of it.</summary>
    public const int MaxLength = 16 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _length;

    private RequestBody()
    {
    }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <exception cref="BodyTooLongException">It is longer than <see cref="MaxLength"/>.</exception>
    public static async Task<RequestBody> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = new RequestBody();
        try
        {
            int read;
            while ((read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken)) > 0)
            {
                body._length += read;
                body.MakeRoom();
            }

            return body;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Kestrel's own limit, which it applies to a Content-Length before the first byte comes.
            body.Dispose();
            throw new BodyTooLongException();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void MakeRoom()
    {
        if (_length > MaxLength)
        {
            throw new BodyTooLongException();
        }

        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            Memory.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
