using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>PostgreSQL from the machine's own binaries.</summary>
internal sealed class PostgresProcess(IReadOnlyList<PostgresBinaries> installed, DataFolder folder) : IPostgresFlavour
{
    public const string DataName = "data";

    private readonly UnprivilegedUser? _user = UnprivilegedUser.Find();
    private PostgresBinaries? _binaries;

    public string Kind => PostgresChoice.Process;

    public string Description => $"PostgreSQL {_binaries?.Version}, {(folder.IsKept ? $"data in {folder.Location}" : "throw-away data")}";

    public string DataLocation => folder.Location;

    private string Data => Path.Combine(folder.Location, DataName);

    public async Task<Command> PrepareAsync(int port, PostgresLogin login, CancellationToken cancellationToken)
    {
        _binaries = Choose();
        if (Directory.Exists(Data))
        {
            await PostgresLeftover.ClearAsync(Data, cancellationToken);
        }
        else
        {
            await InitializeAsync(_binaries, login, cancellationToken);
        }

        var addresses = Socket.OSSupportsIPv6 ? "127.0.0.1,::1" : "127.0.0.1";
        List<string> settings = ["listen_addresses=" + addresses, "unix_socket_directories=", "logging_collector=off", "log_destination=stderr"];
        if (!folder.IsKept)
        {
            // Nobody will miss this data after a power failure.
            settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
        }

        // SIGINT is the fast shutdown: clients are sent away instead of being waited for.
        return Run(_binaries.Server, ["-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(s => new[] { "-c", s })])
            with { StopSignal = "INT" };
    }

    /// <summary>The newest installation, or for existing data the one of its major version, since no other can read it.</summary>
    private PostgresBinaries Choose()
    {
        var installedText = installed.Count == 0 ? "none" : string.Join(", ", installed.Select(b => b.Version));
        var versionFile = Path.Combine(Data, "PG_VERSION");
        if (!File.Exists(versionFile))
        {
            return installed.Count > 0 ? installed[0] : throw new DistributedApplicationException(
                $"There are no binaries of PostgreSQL {PostgresBinaries.OldestMajor} or newer on this machine. Install them, or start a container engine and set Standalone:Postgres to '{PostgresChoice.Container}'.");
        }

        var major = File.ReadAllText(versionFile).Trim();
        return installed.FirstOrDefault(b => b.Major.ToString(CultureInfo.InvariantCulture) == major) ?? throw new DistributedApplicationException(
            $"The data in {Data} was made by PostgreSQL {major}; installed is {installedText}. Install PostgreSQL {major}, "
            + $"or dump the data with it and move the folder away, so that a new one is made (pg_upgrade does it in place).");
    }

    private async Task InitializeAsync(PostgresBinaries binaries, PostgresLogin login, CancellationToken cancellationToken)
    {
        // Aside and then renamed, so that an interrupted initdb leaves nothing that looks like data.
        var aside = Data + ".new";
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        var password = Path.Combine(folder.Location, "password");
        await File.WriteAllTextAsync(password, login.Password, cancellationToken);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            if (_user is not null)
            {
                await _user.OwnAsync(folder.Location, cancellationToken);
            }

            var initialize = Run(binaries.InitDb,
            [
                "-D", aside, "-U", login.UserName, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
                OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C", "--no-instructions",
                // What a power failure in the next seconds could spoil is made again in one.
                "--no-sync",
            ]);
            var result = await Tool.RunAsync(initialize, TimeSpan.FromMinutes(2), cancellationToken);
            if (result is not { Succeeded: true })
            {
                throw new DistributedApplicationException($"initdb of PostgreSQL {binaries.Version} failed: {result?.Error.Trim() ?? "it did not end"}");
            }
        }
        finally
        {
            File.Delete(password);
        }

        Directory.Move(aside, Data);
    }

    private Command Run(string program, IReadOnlyList<string> arguments)
    {
        var command = new Command(program, arguments) { WorkingDirectory = folder.Location, Environment = ProjectEnvironment.Inherit(Locale) };
        return _user?.Wrap(command) ?? command;
    }

    /// <summary>Messages in English, as everything here, on whatever machine.</summary>
    private static IReadOnlyDictionary<string, string> Locale => OperatingSystem.IsLinux()
        ? new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" }
        : new Dictionary<string, string> { ["LC_MESSAGES"] = "C" };
}
