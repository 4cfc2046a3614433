using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Adds what a file of <c>dump</c> holds to the database.</summary>
internal sealed class LoadCommand : WorkerCommand
{
    private readonly Argument<FileInfo> _file = new Argument<FileInfo>("FILE")
    {
        Description = "A file that dump wrote, packed or not.",
    }.AcceptExistingOnly();

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

    public LoadCommand()
        : base(
            "load",
            "Adds the rows of a dump, by natural keys, in one transaction. "
            + "Rows that are there stay as they are, unless --overwrite is given.")
    {
        Arguments.Add(_file);
        Options.Add(_overwrite);
        Options.Add(_skipRejects);
        Options.Add(_rejects);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = new LoadOptions(arguments.GetValue(_overwrite), arguments.GetValue(_skipRejects));
        using var rejects = new Rejects(arguments.GetValue(_rejects));
        var path = arguments.GetRequiredValue(_file);
        await using var file = InputFile.Open(path.FullName);
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        await new FixtureLoad(workerLock.Connection, options, rejects, context.Log).RunAsync(
            file.Content, path.Name, () => file.Fraction, cancellationToken);
        context.Log.LogInformation("Loaded {File}.", path.Name);
        return ExitCode.Ok;
    }
}
