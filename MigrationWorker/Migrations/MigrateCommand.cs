using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Migrates to a named migration, forwards or backwards.</summary>
internal sealed class MigrateCommand : WorkerCommand
{
    private readonly Option<string> _to = new("--to")
    {
        Description = $"The migration to go to: its id, its name, or '{MigrationPlan.Nothing}'.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Continue although data would be lost." };

    public MigrateCommand()
        : base("migrate", "Migrates to a named migration, forwards or backwards. Asks for --yes where data would be lost.")
    {
        Options.Add(_to);
        Options.Add(_yes);
    }

    protected override Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationRunner.RunAsync(
        context, state => MigrationPlan.To(state, arguments.GetRequiredValue(_to)), arguments.GetValue(_yes), cancellationToken);
}
