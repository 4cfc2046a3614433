using System.ComponentModel;
using System.Text;
using CliWrap;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Runs programs of PostgreSQL and of container engines, and kills them when the run is cancelled.</summary>
internal static class ProcessRunner
{
    /// <exception cref="UserErrorException">It could not be started.</exception>
    public static async Task<ProcessResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment,
        PipeSource input, PipeTarget output, CancellationToken cancellationToken)
    {
        var errors = new ProcessErrors();
        try
        {
            var result = await CliWrap.Cli.Wrap(program)
                .WithArguments(arguments)
                .WithEnvironmentVariables(environment)
                .WithStandardInputPipe(input)
                .WithStandardOutputPipe(output)
                .WithStandardErrorPipe(PipeTarget.ToDelegate(errors.Add))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
            return new ProcessResult(result.ExitCode, errors);
        }
        catch (Win32Exception e)
        {
            throw new UserErrorException($"{program} could not be started: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>The program's output, or null if it failed or does not exist.</summary>
    public static async Task<string?> TryReadAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        try
        {
            var result = await RunAsync(
                program, arguments, new Dictionary<string, string?>(), PipeSource.Null, PipeTarget.ToStringBuilder(output),
                cancellationToken);
            return result.ExitCode == 0 ? output.ToString() : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}

/// <summary>How a program ended.</summary>
internal sealed record ProcessResult(int ExitCode, ProcessErrors Errors);

/// <summary>What a program wrote to standard error.</summary>
internal sealed class ProcessErrors
{
    private const int KeptLines = 500;
    private const int ShownLines = 8;

    // Of a server, a role and a database.
    private static readonly string[] ConnectionLimits = ["connection slots are reserved", "too many clients", "too many connections for"];
    private static readonly string[] Cuts = ["terminating connection", "closed the connection unexpectedly", "could not receive data"];

    private readonly List<string> _lines = [];

    /// <summary>How many errors the program reported, all in all.</summary>
    public int Count { get; private set; }

    public void Add(string line)
    {
        Count += Occurrences(line, "error: ");
        if (_lines.Count < KeptLines)
        {
            _lines.Add(line);
        }
    }

    /// <summary>How often a text stands in the first lines.</summary>
    public int CountOccurrences(string text) => _lines.Sum(line => Occurrences(line, text));

    /// <summary>The first lines as one, and what to do about them where they do not say it.</summary>
    public override string ToString()
    {
        var said = string.Join(' ', _lines.Select(line => line.Trim()).Where(line => line.Length > 0).Take(ShownLines));
        var remedy = Says(ConnectionLimits) ? ErrorFormatter.FreeConnections : Says(Cuts) ? ErrorFormatter.RunAgain : null;
        return remedy is null ? said : $"{said.TrimEnd('.')}. {remedy}";

        bool Says(string[] texts) => texts.Any(text => CountOccurrences(text) > 0);
    }

    // Counts occurrences, not lines: parallel processes write into each other's lines.
    private static int Occurrences(string line, string text) => line.Split(text).Length - 1;
}
