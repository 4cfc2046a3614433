using System.ComponentModel;
using System.Diagnostics;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>A running program of PostgreSQL or of a container engine. It reads and writes bytes, and complains in lines of text.</summary>
internal sealed class ToolProcess : IDisposable
{
    private const int KeptLines = 500;
    private const int ShownLines = 8;
    private readonly Process _process;
    private readonly List<string> _complaints = [];
    private readonly Task _complaining;

    private ToolProcess(Process process)
    {
        _process = process;
        _complaining = ReadComplaintsAsync();
    }

    /// <summary>What the program prints.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What the program reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>How many errors the program told, all in all.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Starts a program.</summary>
    /// <exception cref="UserErrorException">It could not be started.</exception>
    public static ToolProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ToolProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new UserErrorException($"{program} could not be started: {e.Message}", e);
        }
    }

    /// <summary>Waits for the end, and gives the exit code. The program is killed if the wait is cancelled.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken);
            await _complaining;
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }
    }

    /// <summary>How often a text stands in the first lines on standard error.</summary>
    public int CountComplaints(string text) => _complaints.Sum(line => Count(line, text));

    /// <summary>The first complaints in one line.</summary>
    public string Describe() => string.Join(' ', _complaints.Select(line => line.Trim()).Where(line => line.Length > 0).Take(ShownLines));

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private async Task ReadComplaintsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            ErrorCount += Count(line, " error: ");
            if (_complaints.Count < KeptLines)
            {
                _complaints.Add(line);
            }
        }
    }

    // Not lines: programs that work in parallel write into each other's, between the name of the program and "error", too.
    private static int Count(string line, string text) => line.Split(text).Length - 1;
}

/// <summary>Runs a program that answers with a few lines.</summary>
internal static class ToolCommand
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>What the program printed, or null where it failed or is not there.</summary>
    public static async Task<string?> TryReadAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = ToolProcess.Start(program, arguments, NoVariables);
            process.Input.Close();
            using var reader = new StreamReader(process.Output, leaveOpen: true);
            var text = await reader.ReadToEndAsync(cancellationToken);
            return await process.WaitAsync(cancellationToken) == 0 ? text : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
