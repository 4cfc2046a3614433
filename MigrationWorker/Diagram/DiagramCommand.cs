using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Draws the model; needs no database.</summary>
internal sealed class DiagramCommand : WorkerCommand
{
    private readonly Option<string> _format = new("--format")
    {
        Description = "mermaid, svg or markdown (diagram and tables).",
        DefaultValueFactory = _ => "mermaid",
    };

    private readonly Option<DirectoryInfo> _docs = new("--docs")
    {
        Description = "Write database.svg, and the generated part of database.md, in this folder instead.",
        HelpName = "FOLDER",
    };

    public DiagramCommand()
        : base("diagram", "Draws the entity-relationship diagram of the model.")
    {
        _format.AcceptOnlyFromAmong("mermaid", "svg", "markdown");
        _docs.AcceptExistingOnly();
        Options.Add(_format);
        Options.Add(_docs);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_docs) is { } folder)
        {
            foreach (var (file, text) in Documents.Make(folder.FullName))
            {
                await File.WriteAllTextAsync(file, text, cancellationToken);
                Console.WriteLine(file);
            }

            return ExitCode.Ok;
        }

        var tables = SchemaReader.Read();
        Console.Write(arguments.GetValue(_format) switch
        {
            "svg" => Svg.Write(tables),
            "markdown" => Reference.Write(tables),
            _ => Mermaid.Write(tables),
        });
        return ExitCode.Ok;
    }
}
