using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Imports the published film facts, or makes the seed's fixture of them.</summary>
internal sealed class ImportFilmsCommand : WorkerCommand
{
    private readonly Argument<FileInfo> _path = new Argument<FileInfo>("path") { Description = "The file movies.json of the npm package vega-datasets." }.AcceptExistingOnly();

    private readonly Option<FileInfo?> _fixture = new("--fixture")
    {
        Description = "Write the cleaned films to this file, one JSON object for each line, and leave the database alone.",
        HelpName = "FILE",
    };

    public ImportFilmsCommand()
        : base("films", "Imports film facts: adds films that are missing and fills in what is not known of the others. Lists each reject and correction.")
    {
        Arguments.Add(_path);
        Options.Add(_fixture);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = arguments.GetRequiredValue(_path).FullName;
        var (films, findings) = await WorkerTelemetry.TraceAsync("clean films", () => FilmReader.ReadAsync(path, cancellationToken));
        foreach (var finding in findings)
        {
            Console.WriteLine(finding);
        }

        var rejected = findings.Count(finding => finding.Rejected);
        context.Log.LogInformation("{Films} films, {Rejected} rejected, {Corrections} corrections.", films.Count, rejected, findings.Count - rejected);
        if (arguments.GetValue(_fixture) is { } fixture)
        {
            await FilmFixture.WriteAsync(fixture.FullName, films, cancellationToken);
            return ExitCode.Ok;
        }

        await StoreAsync(context, films, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task StoreAsync(CommandContext context, IReadOnlyList<Film> films, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        await using var transaction = await workerLock.Connection.BeginTransactionAsync(cancellationToken);
        var (added, filled) = await WorkerTelemetry.TraceAsync(
            "store films", () => new FilmStore(workerLock.Connection).MergeAsync(films, fillGaps: true, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        context.Log.LogInformation("Added {Added} films, filled gaps in {Filled}.", added, filled);
    }
}
