using System.CommandLine;
using System.IO.Compression;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Writes the database, or chosen tables, to a file that <c>load</c> reads.</summary>
internal sealed class DumpCommand : WorkerCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The file to write; packed with gzip where its name ends in .gz. - is standard output.",
    };

    private readonly Option<string[]> _tables = new("--tables")
    {
        Description = $"Only these tables: {string.Join(", ", FixtureTables.All.Select(table => table.Name))}.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _include = new("--include")
    {
        Description = $"Secrets to write, too, each by its name: {string.Join(", ", FixtureSelection.Secrets())}.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    public DumpCommand()
        : base("dump", "Writes everything, or chosen tables, as readable JSON: one record a line, by natural keys, without passwords.")
    {
        Arguments.Add(_file);
        Options.Add(_tables);
        Options.Add(_include);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var selection = FixtureSelection.Choose(arguments.GetValue(_tables) ?? [], arguments.GetValue(_include) ?? []);
        var path = arguments.GetRequiredValue(_file);
        if (OutputFile.IsStandardOutput(path))
        {
            // Messages would end up in the output.
            Console.SetOut(Console.Error);
        }

        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        await using var file = OutputFile.Create(path);
        await using (var packed = IsPacked(path) ? new GZipStream(file.Content, CompressionLevel.Fastest, leaveOpen: true) : null)
        {
            await new FixtureDump(connection, context.Log).WriteAsync(selection, packed ?? file.Content, cancellationToken);
        }

        file.Commit();
        context.Log.LogInformation("Wrote {File}.", path);
        return ExitCode.Ok;
    }

    private static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
