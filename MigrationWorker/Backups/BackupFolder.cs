using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>A folder of backups.</summary>
internal sealed partial class BackupFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Creates the folder if needed, readable by its owner only, and removes unfinished files of killed workers.</summary>
    /// <returns>The number of files removed.</returns>
    /// <exception cref="UserErrorException">It is a file.</exception>
    public int Prepare()
    {
        RefuseFile();
        if (OperatingSystem.IsWindows() || Directory.Exists(Path))
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return PendingFile.DeleteLeftovers(Path);
    }

    /// <summary>The path of a new backup. Names sort by time.</summary>
    public string PathFor(string database, DateTimeOffset takenAt, bool automatic, string ending)
    {
        var time = takenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        return System.IO.Path.Combine(Path, $"{Unsafe().Replace(database, "_")}-{time}{(automatic ? "-auto" : "")}{ending}");
    }

    /// <summary>All backups, newest first. <paramref name="onProblem"/> gets a sentence for each incomplete backup.</summary>
    /// <exception cref="UserErrorException">It is a file.</exception>
    public async Task<IReadOnlyList<Backup>> ListAsync(Action<string> onProblem, CancellationToken cancellationToken)
    {
        RefuseFile();
        var backups = new List<Backup>();
        if (Directory.Exists(Path))
        {
            string[] endings = [Backup.DumpEnding, Backup.ScriptEnding];
            foreach (var file in endings.SelectMany(ending => Directory.EnumerateFiles(Path, "*" + ending)))
            {
                try
                {
                    backups.Add(await Backup.ReadAsync(file, cancellationToken));
                }
                catch (UserErrorException e)
                {
                    onProblem(e.Message);
                }
            }
        }

        return [.. backups.OrderByDescending(backup => backup.Manifest.TakenAt)];
    }

    /// <summary>
    /// Deletes automatic backups of a database, oldest first, until <paramref name="keep"/> are left. Keeps the one from before the
    /// migrations for which <paramref name="latest"/> was made. Never deletes other backups.
    /// </summary>
    /// <param name="latest">The backup that was just made or found to be current. It is kept, even if its time is wrong.</param>
    /// <param name="keep">How many are to be left.</param>
    /// <param name="migrated">Whether the migrations were applied. If not, only backups of earlier attempts at them are deleted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<Backup>> PruneAsync(Backup latest, int keep, bool migrated, CancellationToken cancellationToken)
    {
        // A backup dated after the latest one was made while a clock was wrong.
        List<Backup> earlier =
        [
            .. from backup in await ListAsync(_ => { }, cancellationToken)
               let manifest = backup.Manifest
               where manifest.Automatic && manifest.Database == latest.Manifest.Database && backup.Path != latest.Path
               orderby manifest.TakenAt <= latest.Manifest.TakenAt, manifest.TakenAt
               select backup,
        ];
        var firstAttempt = earlier.FindLastIndex(backup => backup.Manifest.MigratedAt is not null) + 1;
        IReadOnlyList<Backup> surplus =
        [
            .. earlier.Take(Math.Max(0, earlier.Count + 1 - keep))
                .Where((_, age) => age > firstAttempt || (migrated && age < firstAttempt)),
        ];
        foreach (var backup in surplus)
        {
            backup.Delete();
        }

        return surplus;
    }

    private void RefuseFile()
    {
        if (new FileInfo(Path) is { LinkTarget: { } target } link && !Directory.Exists(Path)
            && link.ResolveLinkTarget(returnFinalTarget: true)?.Exists != true)
        {
            throw new UserErrorException($"{Path} is a link to {target}, which is not there. Make that folder, or name another one.");
        }

        if (File.Exists(Path))
        {
            throw new UserErrorException($"{Path} is a file. Name a folder for the backups, on the command line or as Backup__Folder.");
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unsafe();
}
