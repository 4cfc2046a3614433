using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Replaces the live database by a fresh one. The old one is kept under another name, so nothing is lost.</summary>
internal sealed class RecreateCommand : WorkerCommand
{
    private readonly Option<SeedProfile?> _profile = SeedOptions.CreateOption();

    public RecreateCommand()
        : base("recreate", "Builds a fresh database in the place of the live one, which is kept: restore undo brings it back.") =>
        Options.Add(_profile);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken);
        var target = context.ConnectionString();
        var live = target.Database!;
        await using (var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken))
        {
            await LeftoverDatabases.DropAsync(maintenance, live, locked: true, cancellationToken);
        }

        await using var fresh = await ShadowDatabase.CreateAsync(target, ShadowDatabaseName.Restoring, cancellationToken);
        await BuildAsync(context, fresh, SeedOptions.Choose(context, arguments.GetValue(_profile)), cancellationToken);
        var kept = await fresh.ReplaceLiveAsync(context.Log, cancellationToken);
        context.Log.LogInformation(
            "{Database} is new. The previous database is kept as {Kept}. Put it back with: restore undo. Drop it with: restore prune --yes",
            live, kept);
        return ExitCode.Ok;
    }

    private static async Task BuildAsync(
        CommandContext context, ShadowDatabase fresh, SeedProfile profile, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(fresh.Target, fresh.Name, cancellationToken);
        await new DatabaseBuild(context, connection, profile).CompleteAsync(
            await MigrationState.ReadAsync(connection, cancellationToken), cancellationToken);
    }
}
