using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Adds the rows of a dump to the database.</summary>
internal sealed class LoadCommand : WorkerCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A file or pipe that holds what dump wrote, packed or not. - is standard input.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Count and reject only: nothing is written. Takes as long and locks as much as the load.",
    };

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Give rows that are there the file's values. Default: they stay as they are.",
    };

    private readonly Option<bool> _skipRejects = new("--skip-rejects")
    {
        Description = "Load the rest when records are rejected. Default: one rejected record stops all.",
    };

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description = "Write the line and reason of every rejected record to this file.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public LoadCommand()
        : base(
            "load",
            "Adds the rows of a dump, by natural keys, in one transaction. "
            + "Rows that are there stay as they are, unless --overwrite is given.")
    {
        Arguments.Add(_file);
        Options.Add(_dryRun);
        Options.Add(_overwrite);
        Options.Add(_skipRejects);
        Options.Add(_rejects);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = new LoadOptions(
            arguments.GetValue(_overwrite), arguments.GetValue(_skipRejects), arguments.GetValue(_dryRun));
        using var rejects = new Rejects(arguments.GetValue(_rejects));
        await using var file = InputFile.Open(arguments.GetRequiredValue(_file));
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var rows = await new FixtureLoad(workerLock.Connection, options, rejects, context.Log).RunAsync(
            file.Content, file.Name, () => file.Fraction, cancellationToken);
        context.Log.LogInformation("{Done} {File}.", options.DryRun ? "Dry run: nothing was written. Would load" : "Loaded", file.Name);
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync(new LoadResult(file.Name, options.DryRun, rows, rejects.Count), WorkerJson.Readable.LoadResult);
        }

        return ExitCode.Ok;
    }
}

/// <summary>The result of a load or of its dry run.</summary>
/// <param name="File">Name of the dump.</param>
/// <param name="DryRun">Whether nothing was written.</param>
/// <param name="Rows">Counts of the records, by table.</param>
/// <param name="Rejected">Rejected records of all tables.</param>
internal sealed record LoadResult(string File, bool DryRun, IReadOnlyDictionary<string, Tally> Rows, long Rejected);
