using System.CommandLine;
using MovieAspire.MigrationWorker.Up;

namespace MovieAspire.MigrationWorker.CommandLine;

/// <summary>The tree of commands; without one, the worker does what the AppHost starts it for: <c>up</c>.</summary>
internal static class WorkerCommandLine
{
    public static Task<int> RunAsync(string[] args) =>
        Create().Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private static RootCommand Create()
    {
        var up = new UpCommand();
        var root = new RootCommand("Everything that happens to the database moviedb: brings it to this build's schema, seeds it, tells its state.")
        {
            up,
            new Import.ImportCommand(),
        };

        foreach (var option in GlobalOptions.All.Concat(up.Options))
        {
            root.Options.Add(option);
        }

        root.SetAction(up.InvokeAsync);
        return root;
    }
}
