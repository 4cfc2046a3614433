using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.LocalPostgres;

/// <summary>How a program ended, with what it wrote.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it complained of, in one line.</summary>
    public string Reason => Error.Trim() is { Length: > 0 } error ? error.Split('\n')[^1].Trim() : $"exit code {ExitCode}";
}

/// <summary>Finds programs as a shell does, and runs short ones to their end.</summary>
internal static class Programs
{
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <summary>The PATH, and what is missing from some users'.</summary>
    public static IEnumerable<string> Folders => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(OperatingSystem.IsWindows() ? [] : ["/usr/sbin", "/sbin"]);

    public static string? Find(string name) => Path.IsPathRooted(name)
        ? File.Exists(name) ? name : null
        : Folders.SelectMany(folder => Suffixes.Select(suffix => Path.Combine(folder, name + suffix))).FirstOrDefault(File.Exists);

    /// <summary>Null when the program cannot be started, or does not end within <paramref name="limit"/>; it is killed then.</summary>
    public static async Task<ProgramResult?> RunAsync(
        IReadOnlyList<string> command,
        TimeSpan limit,
        string input = "",
        string workingDirectory = "",
        CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = workingDirectory,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), timeout.Token);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (IOException)
        {
            // It ended before it had read its input.
            await process.WaitForExitAsync(timeout.Token);
            return new ProgramResult(process.ExitCode, "", await process.StandardError.ReadToEndAsync(timeout.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
