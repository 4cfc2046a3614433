using System.IO.Compression;
using Microsoft.AspNetCore.RequestDecompression;

namespace MovieAspire.Api.Http;

/// <summary>
/// Decompresses bodies, and refuses those that are damaged, truncated or followed by other data. .NET ignores data that follows, and
/// truncation, too, unless <c>UseStrictValidation</c> is set (Directory.Build.props): half an import would look like a success.
/// </summary>
internal static class RequestDecompressionExtensions
{
    public static IServiceCollection AddStrictRequestDecompression(this IServiceCollection services) =>
        services.AddRequestDecompression(options =>
        {
            var providers = options.DecompressionProviders;
            // x-gzip is equivalent to gzip (RFC 9110, 8.4.1.3).
            providers["x-gzip"] = providers["gzip"];
            foreach (var (encoding, provider) in providers.ToList())
            {
                providers[encoding] = new StrictProvider(encoding, provider);
            }
        });

    private sealed class StrictProvider(string encoding, IDecompressionProvider provider) : IDecompressionProvider
    {
        public Stream GetDecompressionStream(Stream stream)
        {
            var packed = new PackedStream(stream);
            return new UnpackedStream(encoding, packed, provider.GetDecompressionStream(packed));
        }
    }

    private abstract class BodyStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        // Asynchronous only, like Kestrel's bodies.
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>
    /// The compressed body. Returns its last byte separately: a decompressor that does not ask for it has stopped before the end.
    /// </summary>
    private sealed class PackedStream(Stream body) : BodyStream
    {
        private readonly byte[] _last = new byte[1];
        private bool _hasLast;

        public bool IsEmpty { get; private set; } = true;

        public bool LastByteWasRead { get; private set; }

        public bool EndWasSeen { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (!EndWasSeen)
            {
                var held = _hasLast ? 1 : 0;
                _last.AsMemory(0, held).CopyTo(buffer);
                if (LastByteWasRead || await body.ReadAsync(buffer[held..], cancellationToken) is not (> 0 and var read))
                {
                    (_hasLast, LastByteWasRead, EndWasSeen) = (false, true, held == 0);
                    return held;
                }

                IsEmpty = false;
                _last[0] = buffer.Span[held + read - 1];
                _hasLast = true;
                if (held + read > 1)
                {
                    return held + read - 1;
                }
            }

            return 0;
        }
    }

    private sealed class UnpackedStream(string encoding, PackedStream packed, Stream unpacked) : BodyStream
    {
        /// <exception cref="InvalidRequestException">The body is damaged or cut off, or something else follows it.</exception>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await unpacked.ReadAsync(buffer, cancellationToken);
                return read > 0 || buffer.IsEmpty || IsWhole()
                    ? read
                    : throw Refuse($"Something else follows the {encoding} data of the body.");
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException { Source: "System.IO.Compression.Brotli" })
            {
                throw Refuse($"The {encoding} data of the body is damaged or cut off.");
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await unpacked.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                unpacked.Dispose();
            }

            base.Dispose(disposing);
        }

        // After a member, gzip checks for another one, and so reads to the end (RFC 1952, 2.2). The other formats stop at their own end.
        private bool IsWhole() => packed.IsEmpty
            ? throw new InvalidDataException()
            : unpacked is GZipStream ? packed.EndWasSeen : packed.LastByteWasRead;

        private static InvalidRequestException Refuse(string message) => new("$", message, ProblemCodes.MalformedBody);
    }
}
