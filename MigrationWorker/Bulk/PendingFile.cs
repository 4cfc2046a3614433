using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// A file that appears under its name only when it is completely on the disk. Until then it has a temporary name and is locked by this
/// process, so that leftovers of killed processes can be told from files in progress.
/// </summary>
internal sealed class PendingFile : IAsyncDisposable
{
    private const string Ending = ".partial";
    private readonly string _path;
    private readonly string _pending;
    private readonly FileStream _stream;
    private bool _committed;

    private PendingFile(string path)
    {
        _path = path;
        _pending = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}{Ending}");
        _stream = new FileStream(_pending, Options(FileMode.Create));
    }

    /// <summary>Creates the file, readable by its owner only.</summary>
    public static PendingFile Create(string path) => new(path);

    /// <summary>Deletes leftovers of killed processes in a folder, and returns their number.</summary>
    public static int DeleteLeftovers(string folder)
    {
        var deleted = 0;
        foreach (var file in Directory.EnumerateFiles(folder, $".*{Ending}"))
        {
            try
            {
                // Fails if another process is writing it.
                using (new FileStream(file, Options(FileMode.Open)))
                {
                    File.Delete(file);
                }

                deleted++;
            }
            catch (IOException)
            {
            }
        }

        return deleted;
    }

    /// <summary>The stream to write to. Do not close it.</summary>
    public Stream Content => _stream;

    /// <exception cref="IOException">The disk is full, or the file is too large for its file system.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new IOException($"{_path} gets too large for this file system.", e);
        }
    }

    /// <summary>Renames the file to its final name, replacing an older one.</summary>
    public void Commit()
    {
        _stream.Flush(flushToDisk: true);
        File.Move(_pending, _path, overwrite: true);
        _committed = true;
        FolderSync.Flush(Path.GetDirectoryName(_path)!);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_committed)
        {
            File.Delete(_pending);
        }

        await _stream.DisposeAsync();
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        // On Windows an open file can be renamed or deleted only if it is shared so.
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode == FileMode.Create)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

/// <summary>Flushes a folder to the disk. Without it, a new file may be missing from its folder after a power failure.</summary>
/// <remarks>See fsync(2): flushing a file does not flush its folder. .NET cannot open folders, and Windows does not need this.</remarks>
internal static class FolderSync
{
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            // Some network file systems do not support it, and do not need it.
            const int InvalidArgument = 22;
            if (Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var reason = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The folder {folder} could not be flushed to disk: {reason.Message}", reason);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
