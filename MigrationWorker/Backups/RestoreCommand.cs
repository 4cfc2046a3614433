using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Brings a backup back, or undoes that.</summary>
internal sealed class RestoreCommand : WorkerCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The backup, by its path or by its name in the folder of the backups.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _jobs = BackupArguments.Jobs();
    private readonly Option<bool> _noOwner = BackupArguments.NoOwner();
    private readonly Option<bool> _undo = new("--undo") { Description = "Instead: put the database that the last restore replaced back into its place." };
    private readonly Option<bool> _forget = new("--forget") { Description = "Instead: drop the databases that restores have replaced. Asks for --yes." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do drop them." };

    public RestoreCommand()
        : base("restore", "Restores a backup into a new database, compares every row, and then puts it in the place of the live one, which is kept under another name.")
    {
        Arguments.Add(_file);
        foreach (var option in new Option[] { _jobs, _noOwner, _undo, _forget, _yes })
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (new[] { result.GetValue(_file) is not null, result.GetValue(_undo), result.GetValue(_forget) }.Count(given => given) != 1)
            {
                result.AddError("Give one of: a FILE to restore, --undo, --forget. See which backups there are with: backups");
            }
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken);
        var action = new RestoreActions(context);
        return arguments.GetValue(_undo) ? await action.UndoAsync(cancellationToken)
            : arguments.GetValue(_forget) ? await action.ForgetAsync(arguments.GetValue(_yes), cancellationToken)
            : await action.RestoreAsync(arguments.GetValue(_file)!, arguments.GetValue(_jobs), !arguments.GetValue(_noOwner), cancellationToken);
    }
}

/// <summary>What <c>restore</c> does, for the holder of the worker's lock.</summary>
internal sealed class RestoreActions(CommandContext context)
{
    private const string NothingReplaced = "There is no database that a restore has replaced.";

    public async Task<int> RestoreAsync(string file, int jobs, bool keepOwners, CancellationToken cancellationToken)
    {
        var backup = await BackupArguments.ReadAsync(file, context.Settings<BackupOptions>(BackupOptions.Section), cancellationToken);
        var target = context.ConnectionString();
        var restorer = new BackupRestorer(context.Log, new ArchiveLoader(context.Log, new ClientToolsFinder(), jobs, keepOwners));
        var kept = await restorer.RestoreAsync(backup, target, cancellationToken);
        context.Log.LogInformation(
            "Restored {Database} as of {Time:u}: {Tables} tables and {Rows:N0} rows, all as they were.",
            target.Database, backup.Manifest.TakenAt, backup.Manifest.Tables.Count, backup.Manifest.Tables.Sum(table => table.Rows));
        context.Log.LogInformation("The database of before is kept as {Database}. Put it back with: restore --undo. Drop it with: restore --forget --yes", kept);
        TellMigration(backup.Manifest.Migration);
        return ExitCode.Ok;
    }

    public async Task<int> UndoAsync(CancellationToken cancellationToken)
    {
        var target = context.ConnectionString();
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var replaced = await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        if (replaced.Count == 0)
        {
            throw new UserErrorException(NothingReplaced);
        }

        var kept = ShadowDatabaseName.Create(target.Database!, ShadowDatabaseName.Replaced, DateTimeOffset.UtcNow);
        await DatabaseSwap.RunAsync(target, target.Database!, replaced[0].Name, kept, cancellationToken);
        context.Log.LogInformation(
            "{Database} is again the one that was replaced at {Time:u}; the one in use until now is kept as {Kept}.", target.Database, replaced[0].ReplacedAt, kept);
        return ExitCode.Ok;
    }

    public async Task<int> ForgetAsync(bool confirmed, CancellationToken cancellationToken)
    {
        var target = context.ConnectionString();
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var replaced = await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        foreach (var database in replaced)
        {
            if (confirmed)
            {
                await database.DropAsync(maintenance, cancellationToken);
            }

            context.Log.LogInformation("{Action} {Database} ({Size}, replaced at {Time:u}).",
                confirmed ? "Dropped" : "Would drop", database.Name, ByteSize.Format(database.Size), database.ReplacedAt);
        }

        if (replaced.Count == 0)
        {
            context.Log.LogInformation(NothingReplaced);
        }

        return confirmed || replaced.Count == 0 ? ExitCode.Ok : throw new UserErrorException("Nothing was dropped. Dropping cannot be undone; to do it add --yes.");
    }

    private void TellMigration(string? migration)
    {
        if (migration == MigrationScript.LatestId)
        {
            context.Log.LogInformation("It is at migration {Migration}, as this build.", migration);
        }
        else if (migration is null || MigrationScript.All.Any(script => script.Id == migration))
        {
            context.Log.LogWarning("It is at migration {Migration}, this build at {Latest}. Bring it up to date with: up", migration ?? "none", MigrationScript.LatestId);
        }
        else
        {
            context.Log.LogWarning("It is at migration {Migration}, which this build does not know: run the newer build that made it, or restore an older backup.", migration);
        }
    }
}
