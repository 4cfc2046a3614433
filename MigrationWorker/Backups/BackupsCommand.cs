using System.CommandLine;
using System.Globalization;
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
    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public BackupsCommand()
        : base("backups", "Lists the backups, newest first, and the databases that restores have replaced and kept.")
    {
        Arguments.Add(_folder);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = context.Settings<BackupOptions>(BackupOptions.Section).FolderOr(arguments.GetValue(_folder));
        var backups = await folder.ListAsync(problem => context.Log.LogWarning("{Problem}", problem), cancellationToken);
        var list = new BackupList(folder.Path, [.. backups.Select(BackupList.Entry.From)], await ReplacedAsync(context, cancellationToken));
        if (arguments.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(list, WorkerJson.Readable.BackupList));
        }
        else
        {
            await list.WriteAsync(Console.Out);
        }

        return ExitCode.Ok;
    }

    // Files can be listed without a server.
    private static async Task<IReadOnlyList<ReplacedDatabase>> ReplacedAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            var target = context.ConnectionString();
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
            return await ReplacedDatabase.ListAsync(maintenance, target.Database!, cancellationToken);
        }
        catch (Exception e) when (e is UserErrorException or NpgsqlException)
        {
            context.Log.LogWarning("Databases that restores have replaced are not listed: {Reason}", ErrorFormatter.Format(e));
            return [];
        }
    }
}

/// <summary>What <c>backups</c> lists: the backups of a folder, and the databases of a server that restores have replaced.</summary>
internal sealed record BackupList(string Folder, IReadOnlyList<BackupList.Entry> Backups, IReadOnlyList<ReplacedDatabase> Replaced)
{
    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync(Backups.Count == 0 ? $"No backups in {Folder}" : $"Backups in {Folder}");
        var width = Backups.Count == 0 ? 0 : Backups.Max(entry => entry.File.Length);
        foreach (var entry in Backups)
        {
            var verified = entry.VerifiedAt is { } time ? $"verified {Time(time)}" : "not verified";
            var reason = entry.Reason is null ? "" : $"  ({entry.Reason})";
            await output.WriteLineAsync(
                $"  {entry.File.PadRight(width)}  {ByteSize.Format(entry.Size),10}  {entry.Rows,12:N0} rows"
                + $"  {entry.Migration ?? "no migration"}  {verified}{reason}");
        }

        if (Replaced.Count > 0)
        {
            await output.WriteLineAsync(
                "Databases that restores have replaced (restore undo puts the first back, restore prune drops all)");
        }

        foreach (var database in Replaced)
        {
            await output.WriteLineAsync($"  {database.Name}  {ByteSize.Format(database.Size),10}  replaced {Time(database.ReplacedAt)}");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal sealed record Entry(
        string File, string Database, bool Automatic, string? Reason, DateTimeOffset TakenAt, long Size, long Rows, string? Migration,
        string ServerVersion, DateTimeOffset? VerifiedAt)
    {
        public static Entry From(Backup backup)
        {
            var manifest = backup.Manifest;
            return new Entry(
                Path.GetFileName(backup.Path), manifest.Database, manifest.Automatic, manifest.Reason, manifest.TakenAt, manifest.Size,
                manifest.Tables.Sum(table => table.Rows), manifest.Migration, manifest.ServerVersion, manifest.VerifiedAt);
        }
    }
}

internal static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>In powers of 1024, as PostgreSQL's own pg_size_pretty says them.</summary>
    public static string Format(long bytes)
    {
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} {Units[0]}" : $"{size:0.0} {Units[unit]}";
    }
}
