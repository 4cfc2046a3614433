using System.Diagnostics;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>What a program wrote, and its exit code.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;

    /// <summary>The last line on standard error, or on standard output where there was no error.</summary>
    public string LastLine => All.TrimEnd().Split('\n')[^1];

    public Outcome MustSucceed(string what) =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{what} ended with {ExitCode}:\n{All}");
}

/// <summary>Runs programs.</summary>
internal static class Shell
{
    public static async Task<Outcome> TryAsync(string program, IEnumerable<string> arguments, string? folder = null, IDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await error);
    }

    /// <summary>Runs <c>docker</c> and gives what it wrote, trimmed.</summary>
    public static async Task<string> DockerAsync(params string[] arguments) =>
        (await TryAsync("docker", arguments)).MustSucceed($"docker {string.Join(' ', arguments)}").Output.Trim();
}
