using System.Globalization;
using Aspire.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The user as whom PostgreSQL runs when the AppHost runs as root, which PostgreSQL refuses to.</summary>
internal sealed class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody"];
    private readonly string _name;
    private readonly int _groupId;

    private UnprivilegedUser(string name, int groupId)
    {
        _name = name;
        _groupId = groupId;
    }

    /// <summary>Null where there are no privileges to drop.</summary>
    public static UnprivilegedUser? Find()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var user = Candidates.Select(name => users.FirstOrDefault(u => u[0] == name)).FirstOrDefault(u => u is not null)
            ?? throw new DistributedApplicationException("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'. Start the AppHost as another user.");
        return new UnprivilegedUser(user[0], int.Parse(user[3], CultureInfo.InvariantCulture));
    }

    public Command Wrap(Command command)
    {
        if (Executables.Find("setpriv") is { } setpriv)
        {
            return command.Through(setpriv, $"--reuid={_name}", $"--regid={_groupId}", "--init-groups", "--");
        }

        if (Executables.Find("runuser") is { } runuser)
        {
            return command.Through(runuser, "-u", _name, "--");
        }

        // su takes a script and passes what follows on as its arguments.
        return command.Through("su", "-s", "/bin/sh", _name, "-c", "exec \"$0\" \"$@\"", "--");
    }

    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        var result = await Tool.RunAsync(new Command("chown", ["-R", $"{_name}:{_groupId}", path]), TimeSpan.FromSeconds(30), cancellationToken);
        if (result is not { Succeeded: true })
        {
            throw new DistributedApplicationException($"{path} cannot be given to the user {_name}: {result?.Error.Trim() ?? "chown did not end"}");
        }
    }
}
