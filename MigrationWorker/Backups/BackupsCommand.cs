using System.CommandLine;
using System.Globalization;
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

    private readonly Option<int?> _check = new("--check")
    {
        Description = "Instead of the list, one line for a monitor: whether the newest verified backup of the database is younger than "
            + "this many hours. Exit code 1 where it is not. Asks no server.",
        HelpName = "HOURS",
    };

    public BackupsCommand()
        : base("backups", "Lists the backups, newest first, and the databases that restores have replaced and kept.")
    {
        Arguments.Add(_folder);
        Options.Add(_json);
        _check.AcceptOnlyFromTo(1, 24 * 366);
        Options.Add(_check);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = context.Settings<BackupOptions>(BackupOptions.Section).FolderOr(arguments.GetValue(_folder));
        var backups = await folder.ListAsync(problem => context.Log.LogWarning("{Problem}", problem), cancellationToken);
        if (arguments.GetValue(_check) is { } hours)
        {
            var check = BackupCheck.Create(backups, context.ConnectionString().Database!, TimeSpan.FromHours(hours), DateTimeOffset.UtcNow);
            await Console.Out.WriteLineAsync(check.Text);
            return check.IsOk ? ExitCode.Ok : ExitCode.No;
        }

        var list = new BackupList(folder.Path, [.. backups.Select(BackupList.Entry.From)], await ReplacedAsync(context, cancellationToken));
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync(list, WorkerJson.Readable.BackupList);
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

/// <summary>Whether a database has a verified backup that is new enough.</summary>
internal sealed record BackupCheck(bool IsOk, string Text)
{
    /// <summary>
    /// Looks at the newest backup of the database that was verified and not modified since. Backups dated in the future, by a wrong clock,
    /// do not count: they would stay the newest.
    /// </summary>
    public static BackupCheck Create(IEnumerable<Backup> backups, string database, TimeSpan maxAge, DateTimeOffset now)
    {
        var newest = backups
            .Where(backup => backup.Manifest.Database == database && backup.Manifest.TakenAt <= now && backup.State == BackupState.Verified)
            .MaxBy(backup => backup.Manifest.TakenAt);
        if (newest is null)
        {
            return new(false, $"CRITICAL: no verified backup of {database}. Make one with: backup, then verify-backup FILE");
        }

        var age = now - newest.Manifest.TakenAt;
        var text = $"the newest verified backup of {database}, {Path.GetFileName(newest.Path)}, is {Hours(age)} old";
        return age < maxAge ? new(true, $"OK: {text}") : new(false, $"CRITICAL: {text}, more than {Hours(maxAge)}");
    }

    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h");
}

/// <summary>The output of <c>backups</c>: the backups of a folder, and the databases that restores have replaced.</summary>
internal sealed record BackupList(string Folder, IReadOnlyList<BackupList.Entry> Backups, IReadOnlyList<ReplacedDatabase> Replaced)
{
    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync(Backups.Count == 0 ? $"No backups in {Folder}" : $"Backups in {Folder}");
        var width = Backups.Select(entry => entry.File.Length).DefaultIfEmpty().Max();
        var databaseWidth = Backups.Select(entry => entry.Database.Length).DefaultIfEmpty().Max();
        foreach (var entry in Backups)
        {
            var reason = entry.Reason is null ? "" : $"  ({entry.Reason})";
            await output.WriteLineAsync(
                $"  {entry.File.PadRight(width)}  {entry.Database.PadRight(databaseWidth)}  {ByteSize.Format(entry.Size),10}"
                + $"  {entry.Rows,12:N0} rows  {entry.Migration ?? "no migration"}  {Describe(entry)}{reason}");
        }

        if (Replaced.Count > 0)
        {
            await output.WriteLineAsync(
                "Databases that restores have replaced "
                + "(restore undo puts the first back, restore undo NAME another one, restore prune drops all)");
        }

        foreach (var database in Replaced)
        {
            await output.WriteLineAsync($"  {database.Name}  {ByteSize.Format(database.Size),10}  replaced {Time(database.ReplacedAt)}");
        }
    }

    private static string Describe(Entry entry) => entry.State switch
    {
        BackupState.Damaged => "damaged: the file has another size than when it was made",
        BackupState.Changed => $"verified {Time(entry.VerifiedAt!.Value)}, but written to since",
        BackupState.Verified => $"verified {Time(entry.VerifiedAt!.Value)}",
        _ => "not verified",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal sealed record Entry(
        string Path, string File, string Database, bool Automatic, string? Reason, DateTimeOffset TakenAt, long Size, long Rows,
        string? Migration, string ServerVersion, DateTimeOffset? VerifiedAt, BackupState State)
    {
        public static Entry From(Backup backup)
        {
            var manifest = backup.Manifest;
            return new Entry(
                backup.Path, System.IO.Path.GetFileName(backup.Path), manifest.Database, manifest.Automatic, manifest.Reason,
                manifest.TakenAt, manifest.Size, manifest.Tables.Sum(table => table.Rows), manifest.Migration, manifest.ServerVersion,
                manifest.VerifiedAt, backup.State);
        }
    }
}

internal static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>In powers of 1024, like PostgreSQL's pg_size_pretty.</summary>
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
