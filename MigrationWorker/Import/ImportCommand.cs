using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Imports a published data set, recognized by its files or named by a subcommand.</summary>
internal sealed class ImportCommand : WorkerCommand
{
    private readonly DataSet? _set;

    private readonly Argument<string> _path = new("PATH")
    {
        Description = "The folder that holds the files as published, or a single file; packed with gzip or not.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Count and reject only: nothing is written. Takes as long and locks as much as the import.",
    };

    private readonly Option<bool> _skipRejects = new("--skip-rejects")
    {
        Description = "End with exit code 0 although rows were rejected. Default: 1. The others are imported either way.",
    };

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description = "Write the file, line and reason of every rejected row to this file.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "The account that gets a person's own ratings, by user name or email address. "
            + "Default: an account 'letterboxd' without a password.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public ImportCommand()
        : this(null)
    {
        foreach (var set in DataSet.CreateAll())
        {
            Subcommands.Add(new ImportCommand(set));
        }
    }

    private ImportCommand(DataSet? set)
        : base(set?.Name ?? "import", set?.Help ?? "Imports a published data set, told by names and first lines of its files, "
            + "or the one that is named. An interrupted import continues when it is run again.")
    {
        _set = set;
        Arguments.Add(_path);
        Options.Add(_dryRun);
        Options.Add(_skipRejects);
        Options.Add(_rejects);
        Options.Add(_json);
        if (set is null or { IsPersonal: true })
        {
            Options.Add(_user);
        }
    }

    protected override string Stopped(ParseResult arguments) => arguments.GetValue(_dryRun) ? base.Stopped(arguments) : StagingArea.Stopped;

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = new ImportOptions(arguments.GetValue(_dryRun), Options.Contains(_user) ? arguments.GetValue(_user) : null);
        await using var files = await DataSetFiles.OpenAsync(arguments.GetRequiredValue(_path), _set?.Name, cancellationToken);
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        await MigrationState.RequireCurrentAsync(workerLock.Connection, cancellationToken);
        IReadOnlyDictionary<string, Tally> rows;
        long rejected;
        using (var rejects = new Rejects(arguments.GetValue(_rejects)))
        {
            rows = await new DataSetImport(workerLock.Connection, options, context.Log).RunAsync(files, rejects, cancellationToken);
            rejected = rejects.Count;
        }

        context.Log.LogInformation(
            "{Done}{Set}, with {Rejects} rejected.", options.DryRun ? "Dry run: nothing was written. Would import " : "Imported ",
            files.Set.Name, Progress.Count(rejected, "row"));
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync(
                new ImportResult(files.Set.Name, options.DryRun, rows, rejected), WorkerJson.Readable.ImportResult);
        }

        if (rejected == 0 || arguments.GetValue(_skipRejects))
        {
            return ExitCode.Ok;
        }

        context.Log.LogError(
            "{Rejects} {Were} rejected, as listed above; the others {Are}. --skip-rejects makes that exit code 0.",
            Progress.Count(rejected, "row"), rejected == 1 ? "was" : "were", options.DryRun ? "would be imported" : "are imported");
        return ExitCode.No;
    }
}

/// <summary>The result of an import or of its dry run.</summary>
/// <param name="DataSet">Its name.</param>
/// <param name="DryRun">Whether nothing was written.</param>
/// <param name="Rows">Counts of the rows, by kind: movies, links, scores, users, ratings.</param>
/// <param name="Rejected">Rejected rows of all kinds.</param>
internal sealed record ImportResult(string DataSet, bool DryRun, IReadOnlyDictionary<string, Tally> Rows, long Rejected);
