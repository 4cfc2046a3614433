using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// A file that appears under its name only when all of it is on the disk. Until then it has another name, and is locked by
/// this process, so that what a killed process left can be told from what another is writing.
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

    /// <summary>Makes the file, which nobody but its owner may read.</summary>
    public static PendingFile Create(string path) => new(path);

    /// <summary>Deletes what killed processes left in a folder, and gives the number of those files.</summary>
    public static int DeleteLeftovers(string folder)
    {
        var deleted = 0;
        foreach (var file in Directory.EnumerateFiles(folder, $".*{Ending}"))
        {
            try
            {
                // Fails where another process writes it.
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

    /// <summary>For writers of streams; to be left open.</summary>
    public Stream Content => _stream;

    /// <exception cref="IOException">The disk is full, or its file system allows no file as large as that.</exception>
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

    /// <summary>Gives the file its name, replacing an older one.</summary>
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

/// <summary>Brings a folder's list of names to the disk, without which a new file may be nameless after a power failure.</summary>
/// <remarks>fsync(2): flushing a file does not flush the folder that it is in. .NET opens no folders; Windows needs none of this.</remarks>
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
            // Some network file systems have no such call; they keep names in order by themselves.
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
