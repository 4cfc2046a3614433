using System.IO.Compression;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>A file that is read from front to back, unpacked where it is gzip, whatever its name says.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    private readonly FileStream _file;

    private InputFile(FileStream file, Stream content)
    {
        _file = file;
        Content = content;
    }

    public Stream Content { get; }

    public string Name => _file.Name;

    /// <summary>How much of it has been read, 0 to 1.</summary>
    public double Fraction => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <exception cref="IOException">It is not there or not readable.</exception>
    public static InputFile Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
            BufferSize = 256 * 1024,
        });
        Span<byte> head = stackalloc byte[2];
        var isPacked = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head is [0x1F, 0x8B];
        file.Position = 0;
        return new InputFile(file, isPacked ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    /// <summary>Goes forward in the content from its start.</summary>
    public async Task SkipAsync(long bytes, CancellationToken cancellationToken)
    {
        if (Content == _file)
        {
            _file.Position = bytes;
            return;
        }

        var buffer = new byte[64 * 1024];
        for (var left = bytes; left > 0;)
        {
            var read = await Content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            left -= read > 0 ? read : throw new EndOfStreamException($"{_file.Name} is shorter than it was.");
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
