using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Import.Staging;

/// <summary>A file of a published data set, and how its rows are staged.</summary>
internal abstract class SourceFile
{
    /// <summary>What <see cref="Stage"/> gives for a row that the import leaves out on purpose.</summary>
    public const string LeftOut = "";

    /// <summary>Its published name, without <c>.gz</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The names of its columns, which its first line holds.</summary>
    public abstract string[] Header { get; }

    public virtual byte Separator => (byte)',';

    public virtual bool HasQuotes => true;

    /// <summary>The staging table's name and columns, all of which <see cref="Stage"/> writes, the line first.</summary>
    public abstract (string Table, string Columns) Staging { get; }

    /// <summary>Writes a row to the staging table, unless it gives a reason why not.</summary>
    public abstract string? Stage(DelimitedReader row, CopyWriter staging);

    /// <summary>The file in a folder, packed or not.</summary>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public string Find(string folder) =>
        new[] { Name, Name + ".gz" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new UserErrorException($"There is no {Name} or {Name}.gz in {folder}. Give the folder that holds the data set's files, unzipped.");
}
