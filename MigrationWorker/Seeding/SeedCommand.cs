using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Fills a database with a seed.</summary>
internal sealed class SeedCommand : WorkerCommand
{
    private readonly Option<SeedProfile?> _profile = SeedOptions.CreateOption();

    private readonly Option<bool> _again = new("--again")
    {
        Description = "Add what is missing even where this seed was applied before: what was deleted or renamed comes back.",
    };

    public SeedCommand()
        : base(
            "seed",
            "Fills the database with movies and, for a demonstration, invented users and generated ratings. "
            + "Adds by natural keys, changes and deletes nothing.")
    {
        Options.Add(_profile);
        Options.Add(_again);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = SeedOptions.Choose(context, arguments.GetValue(_profile));
        if (profile == SeedProfile.None)
        {
            context.Log.LogInformation("The profile is none: nothing to do.");
            return ExitCode.Ok;
        }

        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        await MigrationState.RequireCurrentAsync(workerLock.Connection, cancellationToken);
        var seeder = new Seeder(context, workerLock.Connection, profile);
        if (!arguments.GetValue(_again) && await seeder.IsAppliedAsync(cancellationToken))
        {
            context.Log.LogInformation("This seed was applied before: nothing to do. With --again it adds what is missing.");
            return ExitCode.Ok;
        }

        await seeder.ApplyAsync(cancellationToken);
        return ExitCode.Ok;
    }
}
