using System.CommandLine;

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
