using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Takes a backup.</summary>
internal sealed class BackupCommand : WorkerCommand
{
    private readonly Argument<string?> _folder = BackupArguments.Folder();
    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public BackupCommand()
        : base("backup", "Backs up the database into a new file, with a manifest to verify a restore.")
    {
        Arguments.Add(_folder);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = context.Settings<BackupOptions>(BackupOptions.Section).FolderOr(arguments.GetValue(_folder));
        var target = context.ConnectionString();
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var clock = Stopwatch.StartNew();
        var backup = await new BackupWriter(context.Log, new ClientToolsFinder()).WriteAsync(
            target, folder, automatic: false, reason: null, cancellationToken);
        await BackupAudit.RecordAsync(workerLock.Connection, backup, context.Log, cancellationToken);
        context.Log.LogInformation(
            "Done in {Seconds:0.0} s: {Size}, {Tables} tables, {Rows:N0} rows.",
            clock.Elapsed.TotalSeconds, ByteSize.Format(backup.Manifest.Size), backup.Manifest.Tables.Count,
            backup.Manifest.Tables.Sum(table => table.Rows));
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync(BackupList.Entry.From(backup), WorkerJson.Readable.Entry);
        }

        return ExitCode.Ok;
    }
}
