using System.Net;

namespace MovieAspire.Api.Tests.Support;

/// <summary>Content of unknown length that ends when a task does.</summary>
internal sealed class WaitingContent(byte[] content, Task end) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(content);
        await stream.FlushAsync();
        await end;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
