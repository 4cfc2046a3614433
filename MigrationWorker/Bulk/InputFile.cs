using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>A file, pipe or device to read from start to end, decompressed if its content is gzip; <c>-</c> is standard input.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    // .NET's file streams can read pipes and devices, too.
    private const int BufferSize = 256 * 1024;
    private readonly Stream _file;
    private readonly PeekStream _content;

    private InputFile(string path, Stream file)
    {
        Path = path;
        Name = path == "-" ? "standard input"
            : System.IO.Path.GetFileName(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path);
        _file = file;
        var whole = new PeekStream(file);
        _content = whole.Head is [0x1F, 0x8B, ..] ? new PeekStream(new GzipReader(whole)) : whole;
    }

    /// <summary>The path as given.</summary>
    public string Path { get; }

    /// <summary>Its name without folder and <c>.gz</c>.</summary>
    public string Name { get; }

    public Stream Content => _content;

    /// <summary>The first bytes of the content, without consuming them.</summary>
    public ReadOnlySpan<byte> Head => _content.Head;

    /// <summary>Whether it can be opened and read again.</summary>
    public bool IsFile => _file.CanSeek;

    /// <summary>The fraction that has been read, 0 to 1; NaN if unknown.</summary>
    public double Fraction => !_file.CanSeek ? double.NaN : _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <exception cref="IOException">It does not exist or is not readable.</exception>
    /// <exception cref="UserErrorException">It is not text.</exception>
    public static InputFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a folder, not a file.");
        }

        var file = path == "-"
            ? Console.OpenStandardInput()
            : new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = BufferSize });
        try
        {
            var input = new InputFile(path, file);
            return FindProblem(input.Head) is { } problem ? throw new UserErrorException($"{path} {problem}.") : input;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is InvalidDataException)
            {
                throw new UserErrorException($"{path}: {e.Message}.", e);
            }

            throw;
        }
    }

    public ValueTask DisposeAsync() => _content.DisposeAsync();

    // Formats that users mistake for text, with what to do about them.
    private static string? FindProblem(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] or [not 0, 0, not 0, 0, ..] => "is UTF-16 text; save it as UTF-8",
        [0x1F, 0x8B, ..] => "is packed with gzip twice; unpack it once",
        [0x50, 0x4B, 3, 4, ..] => "is a zip archive; unpack it first",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "is packed with zstd; unpack it first",
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, ..] => "is packed with xz; unpack it first",
        [0x42, 0x5A, 0x68, >= 0x31 and <= 0x39, 0x31, ..] => "is packed with bzip2; unpack it first",
        [0x37, 0x7A, 0xBC, 0xAF, ..] => "is a 7z archive; unpack it first",
        [0x50, 0x47, 0x44, 0x4D, 0x50, ..] => "is a backup of pg_dump; bring it back with restore",
        _ => null,
    };

    /// <summary>A stream whose first bytes can be looked at before they are read.</summary>
    private sealed class PeekStream : ForwardStream
    {
        private readonly Stream _inner;
        private readonly byte[] _head = new byte[64 * 1024];
        private readonly int _length;
        private int _position;

        public PeekStream(Stream inner)
        {
            _inner = inner;
            _length = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
        }

        public ReadOnlySpan<byte> Head => _head.AsSpan(_position.._length);

        public override int Read(Span<byte> buffer)
        {
            if (_position == _length)
            {
                return _inner.Read(buffer);
            }

            var length = Math.Min(buffer.Length, _length - _position);
            Head[..length].CopyTo(buffer);
            _position += length;
            return length;
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
