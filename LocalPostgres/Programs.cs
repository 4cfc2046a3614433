using System.ComponentModel;
using Aspire.Hosting;
using CliWrap;
using CliWrap.Buffered;

namespace MovieAspire.LocalPostgres;

/// <summary>Finds programs as a shell does, and runs short ones to their end.</summary>
internal static class Programs
{
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <summary>The PATH, and what is missing from some users'.</summary>
    public static IEnumerable<string> Folders => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(OperatingSystem.IsWindows() ? [] : ["/usr/sbin", "/sbin"]);

    public static string? Find(string name) => Folders
        .SelectMany(folder => Suffixes.Select(suffix => Path.Combine(folder, name + suffix)))
        .FirstOrDefault(File.Exists);

    /// <summary>Null when the program cannot be started, or does not end within <paramref name="limit"/>; it is killed then.</summary>
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

/// <summary>The user that PostgreSQL runs as where this process runs as root, which PostgreSQL refuses to do.</summary>
internal static class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody"];
    private static readonly Lazy<(string Name, string GroupId)> User = new(Find);

    public static bool IsNeeded { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The command that runs <paramref name="command"/> without root's rights; itself where there are none to drop.</summary>
    public static string[] Wrap(params IEnumerable<string> command) => !IsNeeded ? [.. command]
        : Programs.Find("setpriv") is { } setpriv
            ? [setpriv, $"--reuid={User.Value.Name}", $"--regid={User.Value.GroupId}", "--clear-groups", "--", .. command]
            // su runs a script and passes it the arguments.
            : ["su", "-s", "/bin/sh", User.Value.Name, "-c", "exec \"$0\" \"$@\"", "--", .. command];

    /// <summary>Gives a file or a folder, with all in it, to the user.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be given away.</exception>
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
                $"{path} cannot be given to the user {User.Value.Name}, whom PostgreSQL runs as: {result.Reason()}");
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
