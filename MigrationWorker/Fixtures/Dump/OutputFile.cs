using System.IO.Compression;

namespace MovieAspire.MigrationWorker.Fixtures.Dump;

/// <summary>A file that gets its name when it is whole, so that a dump that was broken off is never taken for one.</summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _partial;

    private OutputFile(string path, string partial, Stream content)
    {
        _path = path;
        _partial = partial;
        Content = content;
    }

    public Stream Content { get; }

    /// <summary>Opens it, packed with gzip where the name ends in <c>.gz</c>.</summary>
    public static OutputFile Create(string path)
    {
        var partial = path + ".partial";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 256 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            // People's addresses are nobody else's business on a machine that several share.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(partial, options);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        return new OutputFile(path, partial, isPacked ? new GZipStream(file, CompressionLevel.Fastest) : file);
    }

    /// <summary>Gives the file its name, in place of an older one.</summary>
    public async Task CompleteAsync()
    {
        await Content.DisposeAsync();
        File.Move(_partial, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        File.Delete(_partial);
    }
}
