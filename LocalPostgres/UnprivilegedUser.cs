using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>The user that PostgreSQL runs as where this process runs as root, which PostgreSQL refuses to do.</summary>
internal static class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody"];
    private static readonly Lazy<(string Name, string GroupId)> User = new(Find);

    public static bool IsNeeded { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The command that runs <paramref name="command"/> without root's rights; itself where there are none to drop.</summary>
    public static string[] Wrap(params IEnumerable<string> command)
    {
        if (!IsNeeded)
        {
            return [.. command];
        }

        if (Programs.Find("setpriv") is { } setpriv)
        {
            return [setpriv, $"--reuid={User.Value.Name}", $"--regid={User.Value.GroupId}", "--clear-groups", "--", .. command];
        }

        // su takes a script, and passes on to it what follows.
        return Programs.Find("runuser") is { } runuser
            ? [runuser, "-u", User.Value.Name, "--", .. command]
            : ["su", "-s", "/bin/sh", User.Value.Name, "-c", "exec \"$0\" \"$@\"", "--", .. command];
    }

    /// <summary>Gives a file or a folder, with all in it, to the user.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be given away.</exception>
    public static async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (!IsNeeded)
        {
            return;
        }

        var result = await Programs.RunAsync(
            ["chown", "-R", $"{User.Value.Name}:{User.Value.GroupId}", path],
            TimeSpan.FromMinutes(1),
            cancellationToken: cancellationToken);
        if (result is not { Succeeded: true })
        {
            throw new DistributedApplicationException(
                $"{path} cannot be given to the user {User.Value.Name}, whom PostgreSQL runs as: {result?.Reason ?? "chown does not end"}");
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
