using Microsoft.Win32.SafeHandles;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>The output of a command: a file that appears under its name when it is complete, or a pipe or device.</summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly PendingFile? _file;

    private OutputFile(PendingFile file) => (_file, Content) = (file, file.Content);

    private OutputFile(Stream stream) => Content = stream;

    /// <summary>The stream to write to. Do not close it.</summary>
    public Stream Content { get; }

    /// <summary>Whether it is standard output, to which nothing else may be written then.</summary>
    public static bool IsStandardOutput(string path) => path is "-" or "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    /// <exception cref="UserErrorException">It is a folder.</exception>
    public static OutputFile Create(string path)
    {
        if (IsStandardOutput(path))
        {
            return new OutputFile(OpenPipeOfStandardOutput() ?? Console.OpenStandardOutput());
        }

        // Keep a symbolic link, and write the file that it points to.
        path = Path.GetFullPath(path);
        if (!IsDevice(path) && new FileInfo(path).LinkTarget is not null)
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        }

        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a folder; give the name of a file.");
        }

        return OpenUnseekable(path) is { } stream ? new OutputFile(stream) : new OutputFile(PendingFile.Create(path));
    }

    public void Commit() => _file?.Commit();

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    // .NET's console takes a reader that has ended for one that has seen enough. Whoever loads the other half of a dump has not.
    private static FileStream? OpenPipeOfStandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return null;
        }

        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? null : stream;
    }

    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && ((path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            || path.StartsWith("/proc/", StringComparison.Ordinal));

    // .NET tells a named pipe from a file only once it is open. It is opened once: a reader would take closing it for the end.
    private static FileStream? OpenUnseekable(string path)
    {
        var isDevice = IsDevice(path);
        if (!isDevice && (OperatingSystem.IsWindows() || !File.Exists(path)))
        {
            return null;
        }

        try
        {
            var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            });
            if (isDevice || !stream.CanSeek)
            {
                return stream;
            }

            stream.Dispose();
            return null;
        }
        catch (UnauthorizedAccessException) when (!isDevice)
        {
            return null;
        }
    }
}
