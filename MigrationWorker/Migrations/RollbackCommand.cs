using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Rolls back the last migrations.</summary>
internal sealed class RollbackCommand : WorkerCommand
{
    private readonly Option<int> _steps = new("--steps")
    {
        Description = "How many migrations to roll back.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Continue although data would be lost." };

    public RollbackCommand()
        : base("rollback", "Rolls back the last migrations. Asks for --yes where data would be lost.")
    {
        _steps.AcceptOnlyFromTo(1, 1000);
        Options.Add(_steps);
        Options.Add(_yes);
    }

    protected override Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationRunner.RunAsync(
        context, state => MigrationPlan.Rollback(state, arguments.GetValue(_steps)), arguments.GetValue(_yes), cancellationToken);
}
