using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Restores a backup. Its subcommands bring back or drop the databases that restores have replaced.</summary>
internal sealed class RestoreCommand : WorkerCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The backup, by its path or by its name in the folder of the backups.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _jobs = BackupArguments.Jobs();
    private readonly Option<bool> _noOwner = BackupArguments.NoOwner();

    public RestoreCommand()
        : base(
            "restore",
            "Restores a backup into a new database, compares every row, and puts it in the place of the live one, which is kept.")
    {
        Arguments.Add(_file);
        Options.Add(_jobs);
        Options.Add(_noOwner);
        Subcommands.Add(new RestoreUndoCommand());
        Subcommands.Add(new RestorePruneCommand());
        Validators.Add(result =>
        {
            if (result.GetValue(_file) is null)
            {
                result.AddError(
                    "Give the FILE to restore, or one of the subcommands undo and prune. See which backups there are with: backups");
            }
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var settings = context.Settings<BackupOptions>(BackupOptions.Section);
        var backup = await BackupArguments.ReadAsync(arguments.GetValue(_file)!, settings, cancellationToken);
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken);
        var target = context.ConnectionString();
        var loader = new ArchiveLoader(
            context.Log, new ClientToolsFinder(), arguments.GetValue(_jobs), keepOwners: !arguments.GetValue(_noOwner));
        var kept = await new BackupRestorer(context.Log, loader).RestoreAsync(backup, target, cancellationToken);
        await GiveRightsAsync(context, cancellationToken);
        context.Log.LogInformation(
            "Restored {Database} as of {Time:u}: {Tables} tables and {Rows:N0} rows, all as they were.",
            target.Database, backup.Manifest.TakenAt, backup.Manifest.Tables.Count, backup.Manifest.Tables.Sum(table => table.Rows));
        context.Log.LogInformation(
            "The previous database is kept as {Database}. Put it back with: restore undo. Drop it with: restore prune --yes", kept);
        LogMigration(context.Log, backup.Manifest.Migration);
        return ExitCode.Ok;
    }

    /// <summary>
    /// Grants the configured roles their rights in the restored database, which may come from before these roles existed.
    /// </summary>
    public static async Task GiveRightsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        if ((await MigrationState.ReadAsync(connection, cancellationToken)).Unknown.Count == 0)
        {
            await context.Rights().ApplyAsync(connection, cancellationToken);
        }
    }

    private static void LogMigration(ILogger log, string? migration)
    {
        if (migration == MigrationScript.LatestId)
        {
            log.LogInformation("It is at migration {Migration}, as this build.", migration);
        }
        else if (migration is null || MigrationScript.All.Any(script => script.Id == migration))
        {
            log.LogWarning(
                "It is at migration {Migration}, this build at {Latest}. Bring it up to date with: up",
                migration ?? "none", MigrationScript.LatestId);
        }
        else
        {
            log.LogWarning(
                "It is at migration {Migration}, which this build does not know: "
                + "run the newer build that made it, or restore an older backup.",
                migration);
        }
    }
}

/// <summary>Puts a database that a restore replaced back into its place.</summary>
internal sealed class RestoreUndoCommand : WorkerCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The replaced database, as backups lists it. Default: the one that was replaced last.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public RestoreUndoCommand()
        : base(
            "undo",
            "Puts a database that a restore replaced back into its place, and keeps the one in use until now, so that a second undo takes "
            + "the first one back.") => Arguments.Add(_name);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken);
        var target = context.ConnectionString();
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var replaced = await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        if (replaced.Count == 0)
        {
            throw new UserErrorException(ReplacedDatabase.None);
        }

        var chosen = arguments.GetValue(_name) is not { } name
            ? replaced[0]
            : replaced.SingleOrDefault(database => database.Name == name)
                ?? throw new UserErrorException(
                    $"No restore has replaced a database {name}. "
                    + $"There are: {string.Join(", ", replaced.Select(database => database.Name))}.");
        var kept = await ReplacedDatabase.CreateNameAsync(maintenance, target.Database!, cancellationToken);
        await DatabaseSwap.RunAsync(target, target.Database!, chosen.Name, kept, cancellationToken);
        await RestoreCommand.GiveRightsAsync(context, cancellationToken);
        context.Log.LogInformation(
            "{Database} is again the one that was replaced at {Time:u}; the one in use until now is kept as {Kept}.",
            target.Database, chosen.ReplacedAt, kept);
        return ExitCode.Ok;
    }
}

/// <summary>Drops the databases that restores have replaced.</summary>
internal sealed class RestorePruneCommand : WorkerCommand
{
    private readonly Option<bool> _yes = new("--yes") { Description = "Drop them; this cannot be undone." };

    public RestorePruneCommand()
        : base("prune", "Drops the databases that restores have replaced. Without --yes it only lists them.") => Options.Add(_yes);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var target = context.ConnectionString();
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var replaced = await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        if (replaced.Count == 0)
        {
            context.Log.LogInformation(ReplacedDatabase.None);
            return ExitCode.Ok;
        }

        var confirmed = arguments.GetValue(_yes);
        foreach (var database in replaced)
        {
            if (confirmed)
            {
                await database.DropAsync(maintenance, cancellationToken);
            }

            context.Log.LogInformation(
                "{Action} {Database} ({Size}, replaced at {Time:u}).",
                confirmed ? "Dropped" : "Would drop", database.Name, ByteSize.Format(database.Size), database.ReplacedAt);
        }

        return confirmed
            ? ExitCode.Ok
            : throw new UserErrorException("Nothing was dropped. Add --yes to drop them; this cannot be undone.");
    }
}
