using System.Diagnostics;

namespace MovieAspire.Testing;

/// <summary>The exit code and output of a program.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output, then standard error.</summary>
    public string All => Output + Error;

    /// <summary>The last line on standard error; on standard output if there is none.</summary>
    public string LastLine => All.TrimEnd().Split('\n')[^1];

    /// <summary>The last line on standard error.</summary>
    public string LastErrorLine => Error.TrimEnd().Split('\n')[^1];

    /// <exception cref="InvalidOperationException">The exit code is not 0. The message contains the output.</exception>
    public ProcessResult EnsureSuccess(string what) =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{what} ended with {ExitCode}:\n{All}");
}

/// <summary>Runs programs for tests.</summary>
public static class Cli
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program to its end.</summary>
    public static Task<ProcessResult> RunAsync(string program, params IEnumerable<string> arguments) =>
        Command(program, arguments).RunAsync();

    /// <summary>Runs a program to its end in a folder, with additional environment variables.</summary>
    public static Task<ProcessResult> RunInAsync(
        string folder, IEnumerable<KeyValuePair<string, string>> environment, string program, params IEnumerable<string> arguments)
    {
        var command = Command(program, arguments);
        command.WorkingDirectory = folder;
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        return command.RunAsync();
    }

    /// <summary>A command whose folder and environment the caller can change.</summary>
    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>
    /// Lets SIGINT reach the program as from a terminal: where the tests run in the background of a script it is ignored, and a process
    /// inherits that.
    /// </summary>
    public static ProcessStartInfo AsFromTerminal(this ProcessStartInfo command)
    {
        if (OperatingSystem.IsLinux())
        {
            command.ArgumentList.Insert(0, command.FileName);
            command.ArgumentList.Insert(0, "--default-signal=INT");
            command.FileName = "env";
        }

        return command;
    }

    /// <inheritdoc cref="FinishAsync"/>
    public static async Task<ProcessResult> RunAsync(this ProcessStartInfo command, TimeSpan? deadline = null)
    {
        using var process = Process.Start(command)!;
        return await process.FinishAsync(deadline);
    }

    /// <summary>Closes standard input and waits until the program has ended.</summary>
    /// <exception cref="TimeoutException">It did not end before the deadline (default: 10 minutes) and was killed.</exception>
    public static async Task<ProcessResult> FinishAsync(this Process process, TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? DefaultDeadline);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} did not end within {deadline ?? DefaultDeadline}.");
        }
    }
}
