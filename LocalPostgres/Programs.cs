using System.ComponentModel;
using Aspire.Hosting;
using CliWrap;
using CliWrap.Buffered;

namespace MovieAspire.LocalPostgres;

/// <summary>Finds programs as a shell does, and runs them to their end.</summary>
internal static class Programs
{
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <summary>The PATH, and the folders that Debian adds only for administrators.</summary>
    public static IEnumerable<string> Folders => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(OperatingSystem.IsWindows() ? [] : ["/usr/sbin", "/sbin"]);

    public static string? Find(string name) => Folders
        .SelectMany(folder => Suffixes.Select(suffix => Path.Combine(folder, name + suffix)))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program. Null if it cannot be started, or was killed after <paramref name="limit"/>.</summary>
    public static async Task<BufferedCommandResult?> RunAsync(
        IReadOnlyList<string> command,
        TimeSpan limit,
        string input = "",
        string? folder = null,
        CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            return await Cli.Wrap(command[0])
                .WithArguments(command.Skip(1))
                .WithWorkingDirectory(folder ?? Directory.GetCurrentDirectory())
                .WithStandardInputPipe(PipeSource.FromString(input))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(timeout.Token);
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The last line of standard error, or the exit code.</summary>
    public static string Reason(this BufferedCommandResult? result) => result is null
        ? "it does not end"
        : result.StandardError.Trim() is { Length: > 0 } error ? error.Split('\n')[^1].Trim() : $"exit code {result.ExitCode}";
}

/// <summary>The user that runs PostgreSQL if this process is root: PostgreSQL refuses to run as root.</summary>
internal static class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody"];
    private static readonly Lazy<(string Name, string GroupId)> User = new(Find);

    public static bool IsNeeded { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>Wraps a command so that it runs without root's rights. Returns it unchanged if this process is not root.</summary>
    public static string[] Wrap(params IEnumerable<string> command) => !IsNeeded ? [.. command]
        : Programs.Find("setpriv") is { } setpriv
            ? [setpriv, $"--reuid={User.Value.Name}", $"--regid={User.Value.GroupId}", "--clear-groups", "--", .. command]
            // su runs a script, to which it passes the arguments.
            : ["su", "-s", "/bin/sh", User.Value.Name, "-c", "exec \"$0\" \"$@\"", "--", .. command];

    /// <summary>Makes the user the owner of a file or a folder and everything in it.</summary>
    /// <exception cref="DistributedApplicationException">The owner cannot be changed.</exception>
    public static async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (!IsNeeded)
        {
            return;
        }

        var owner = $"{User.Value.Name}:{User.Value.GroupId}";
        var result = await Programs.RunAsync(["chown", "-R", owner, path], TimeSpan.FromMinutes(1), cancellationToken: cancellationToken);
        if (result is not { IsSuccess: true })
        {
            throw new DistributedApplicationException(
                $"The owner of {path} cannot be changed to {User.Value.Name}, as whom PostgreSQL runs: {result.Reason()}");
        }
    }

    private static (string Name, string GroupId) Find()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var user = Candidates.Select(name => users.Find(u => u[0] == name)).FirstOrDefault(u => u is not null)
            ?? throw new DistributedApplicationException(
                "PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor 'nobody'. Start as another user.");
        return (user[0], user[3]);
    }
}
