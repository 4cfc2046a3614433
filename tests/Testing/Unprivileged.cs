using System.Diagnostics;

namespace MovieAspire.Testing;

/// <summary>PostgreSQL refuses to run as root, as tests in containers do; then it runs as user <c>postgres</c> or <c>nobody</c>.</summary>
internal static class Unprivileged
{
    public static bool IsNeeded { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    private static readonly string User = IsNeeded && Succeeds("id", "postgres") ? "postgres" : "nobody";

    public static string[] Prefix => ["setpriv", $"--reuid={User}", "--regid", GroupOf(User), "--clear-groups", "--"];

    public static void GiveFolder(string folder)
    {
        if (!Succeeds("chown", "-R", $"{User}:{GroupOf(User)}", folder))
        {
            throw new InvalidOperationException($"The folder {folder} could not be given to user {User}.");
        }
    }

    private static string GroupOf(string user)
    {
        using var id = Process.Start(new ProcessStartInfo("id", ["-g", user]) { RedirectStandardOutput = true })!;
        return id.StandardOutput.ReadToEnd().Trim();
    }

    private static bool Succeeds(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
