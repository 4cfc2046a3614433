using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Lists the backups, and the databases that restores have replaced.</summary>
internal sealed class BackupsCommand : WorkerCommand
{
    private readonly Argument<string?> _folder = BackupArguments.Folder();
    private readonly Option<bool> _json = new("--json") { Description = "For scripts: one JSON document on standard output." };

    public BackupsCommand()
        : base("backups", "Lists the backups, newest first, and the databases that restores have replaced and kept.")
    {
        Arguments.Add(_folder);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = BackupSettings.From(session.Configuration).FolderOr(arguments.GetValue(_folder));
        var backups = await folder.ListAsync(problem => session.Log.LogWarning("{Problem}", problem), cancellationToken);
        var list = new BackupList(folder.Path, [.. backups.Select(BackupList.Entry.From)], await ReplacedAsync(session, cancellationToken));
        if (arguments.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(list, BackupJson.Default.BackupList));
        }
        else
        {
            await list.WriteAsync(Console.Out);
        }

        return ExitCode.Ok;
    }

    // Files can be listed without a server.
    private static async Task<IReadOnlyList<ReplacedDatabase>> ReplacedAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var target = session.ConnectionString();
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
            return await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        }
        catch (Exception e) when (e is WorkerException or NpgsqlException)
        {
            session.Log.LogWarning("Databases that restores have replaced are not listed: {Reason}", Failure.Describe(e));
            return [];
        }
    }
}
