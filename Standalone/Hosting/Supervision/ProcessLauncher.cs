using System.Diagnostics;

namespace MovieAspire.Standalone.Hosting;

/// <summary>A program to run.</summary>
internal sealed record Command(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>The whole environment; the AppHost's own when null.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The signal that asks the program to end.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>Puts another program, which runs this one, in front of it.</summary>
    public Command Through(string fileName, params IEnumerable<string> arguments) =>
        this with { FileName = fileName, Arguments = [.. arguments, FileName, .. Arguments] };
}

/// <summary>Starts programs in a process group of their own, so that Ctrl+C at the terminal reaches the AppHost only, which stops them in order.</summary>
internal static class ProcessLauncher
{
    private static readonly string? SetSid = Executables.Find("setsid");
    private static readonly string? Perl = Executables.Find("perl");

    /// <summary>
    /// The same, but it begins only when a line comes in, and not at all where its input ends before one: whoever started it is
    /// gone, and perhaps never told the guard of it. Not by a shell, which drops variables like services__my-api__http__0.
    /// </summary>
    public static ProcessStartInfo StartInfoOfChild(Command command)
    {
        if (Perl is null || OperatingSystem.IsWindows())
        {
            return StartInfo(command);
        }

        var start = Plain(command.Through(Perl, "-e", "setpgrp(0, 0); delete $ENV{PERL_BADLANG}; <STDIN> // exit; exec { $ARGV[0] } @ARGV or exit 127", "--"));
        start.Environment["PERL_BADLANG"] = "0"; // Or it complains, in the child's log, of a locale that the machine lacks.
        return start;
    }

    public static ProcessStartInfo StartInfo(Command command) => Plain(
        OperatingSystem.IsWindows() ? command
        : SetSid is not null ? command.Through(SetSid)
        // macOS has no setsid, but ships perl. Without either the child shares the terminal's Ctrl+C with the AppHost.
        : Perl is not null ? command.Through(Perl, "-e", "setpgrp(0, 0); exec { $ARGV[0] } @ARGV or exit 127", "--")
        : command);

    private static ProcessStartInfo Plain(Command command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        if (command.Environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in command.Environment)
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }
}

/// <summary>Finds programs as a shell does.</summary>
internal static class Executables
{
    public static string? Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(OperatingSystem.IsWindows() ? [] : ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }
}
