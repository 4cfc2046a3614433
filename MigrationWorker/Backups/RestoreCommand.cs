using System.CommandLine;
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

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var turn = await WorkerLock.AcquireAsync(session, ServerWait.OpenOrCreateAsync, cancellationToken);
        var action = new RestoreActions(session);
        return arguments.GetValue(_undo) ? await action.UndoAsync(cancellationToken)
            : arguments.GetValue(_forget) ? await action.ForgetAsync(arguments.GetValue(_yes), cancellationToken)
            : await action.RestoreAsync(arguments.GetValue(_file)!, arguments.GetValue(_jobs), !arguments.GetValue(_noOwner), cancellationToken);
    }
}
