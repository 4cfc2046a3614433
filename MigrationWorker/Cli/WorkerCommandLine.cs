using System.CommandLine;
using System.CommandLine.Invocation;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Fixtures;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>The tree of commands; without one, the worker does what the AppHost starts it for: <c>up</c>.</summary>
internal static class WorkerCommandLine
{
    // How long a command may take to end after it is cancelled.
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the command that the arguments name and gives its <see cref="ExitCode"/>.</summary>
    /// <param name="args">Arguments of the command line.</param>
    /// <param name="settings">Settings that override the environment, for callers that share one process.</param>
    public static async Task<int> RunAsync(string[] args, IReadOnlyDictionary<string, string>? settings = null)
    {
        var arguments = Create().Parse(args);
        if (arguments.Action is ParseErrorAction)
        {
            foreach (var error in arguments.Errors)
            {
                await Console.Error.WriteLineAsync($"error: {error.Message.ReplaceLineEndings(" ")} See --help.");
            }

            return ExitCode.No;
        }

        return await arguments.InvokeAsync(new WorkerInvocation(settings ?? new Dictionary<string, string>())
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTimeout,
        });
    }

    public static RootCommand Create()
    {
        var up = new UpCommand();
        var root = new RootCommand(
            "Manages the database moviedb: migrates, seeds, verifies, dumps, loads, imports, backs up and restores it, and makes admins.")
        {
            up,
            new StatusCommand(),
            new PlanCommand(),
            new MigrateCommand(),
            new RollbackCommand(),
            new BaselineCommand(),
            new RepairCommand(),
            new VerifyCommand(),
            new SeedCommand(),
            new RecreateCommand(),
            new DumpCommand(),
            new LoadCommand(),
            new ImportCommand(),
            new BackupCommand(),
            new BackupsCommand(),
            new RestoreCommand(),
            new VerifyBackupCommand(),
            new RoleCommand(),
        };

        GlobalOptions.AddTo(root);
        foreach (var option in GlobalOptions.All.Concat(up.Options))
        {
            root.Options.Add(option);
        }

        root.SetAction(up.InvokeAsync);
        return root;
    }
}

/// <summary>Runs a command with settings that override the environment.</summary>
internal sealed class WorkerInvocation(IReadOnlyDictionary<string, string> settings) : InvocationConfiguration
{
    public IReadOnlyDictionary<string, string> Settings { get; } = settings;
}
