using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Groups the imports of published data sets.</summary>
internal sealed class ImportCommand : Command
{
    public ImportCommand()
        : base("import", "Imports published data sets.")
    {
        Subcommands.Add(DataSetCommand.MovieLens());
        Subcommands.Add(DataSetCommand.Imdb());
    }
}

/// <summary>Imports a published data set from the folder that holds its files.</summary>
internal sealed class DataSetCommand : WorkerCommand
{
    private readonly Argument<DirectoryInfo> _folder = new Argument<DirectoryInfo>("FOLDER")
    {
        Description = "The folder that holds the files, as published, packed with gzip or not.",
    }.AcceptExistingOnly();

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description = "Write the file, line and reason of every rejected row to this file.",
        HelpName = "FILE",
    };

    private readonly Func<NpgsqlConnection, ILogger, string, Rejects, CancellationToken, Task> _import;

    private DataSetCommand(
        string name, string description, Func<NpgsqlConnection, ILogger, string, Rejects, CancellationToken, Task> import)
        : base(name, description + " An interrupted import continues when it is run again.")
    {
        _import = import;
        Arguments.Add(_folder);
        Options.Add(_rejects);
    }

    public static DataSetCommand MovieLens() => new(
        "movielens",
        "Imports MovieLens's movies.csv and ratings.csv: movies, ratings, and users without passwords. Ratings that are there stay.",
        (connection, log, folder, rejects, cancellationToken) =>
            new MovieLensImport(connection, log).RunAsync(folder, rejects, cancellationToken));

    public static DataSetCommand Imdb() => new(
        "imdb",
        "Imports the movies of IMDb's title.basics.tsv.gz and title.ratings.tsv.gz: "
            + "adds missing movies and fills in missing values of the others.",
        (connection, log, folder, rejects, cancellationToken) =>
            new ImdbImport(connection, log).RunAsync(folder, rejects, cancellationToken));

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        await MigrationState.RequireCurrentAsync(workerLock.Connection, cancellationToken);
        using var rejects = new Rejects(arguments.GetValue(_rejects));
        await _import(workerLock.Connection, context.Log, arguments.GetRequiredValue(_folder).FullName, rejects, cancellationToken);
        context.Log.LogInformation("Imported, with {Rejects} rejected.", Progress.Count(rejects.Count, "row"));
        return ExitCode.Ok;
    }
}
