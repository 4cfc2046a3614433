using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.Testing;

/// <summary>
/// What some tests need and a machine for development may lack: there they are skipped, and say why. In CI they run, and fail
/// for what is missing.
/// </summary>
public static class Prerequisite
{
    /// <summary>Why a test is skipped; null where it runs.</summary>
    public static string? Missing(Func<bool> isThere, string remedy) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")) || isThere() ? null : remedy;

    /// <summary>True when the command is there and succeeds.</summary>
    public static bool Succeeds(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The first of these programs on the PATH.</summary>
    public static string? OnPath(params IEnumerable<string> names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
