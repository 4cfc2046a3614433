using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>A folder of backups.</summary>
internal sealed partial class BackupFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Makes the folder where it is missing, readable by its owner only, and removes what killed workers left.</summary>
    /// <returns>How many files those were.</returns>
    public int Prepare()
    {
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

    /// <summary>Where a new backup belongs. Names sort by time.</summary>
    public string PathFor(string database, DateTimeOffset takenAt, bool automatic, string ending)
    {
        var time = takenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        return System.IO.Path.Combine(Path, $"{Unsafe().Replace(database, "_")}-{time}{(automatic ? "-auto" : "")}{ending}");
    }

    /// <summary>All backups, newest first; <paramref name="onProblem"/> gets a sentence for each file that is no whole backup.</summary>
    public async Task<IReadOnlyList<Backup>> ListAsync(Action<string> onProblem, CancellationToken cancellationToken)
    {
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
    /// Deletes automatic backups of a database, the oldest first, so that <paramref name="keep"/> are left and the one from before the
    /// migrations for which <paramref name="latest"/> was made; others are never deleted.
    /// </summary>
    /// <param name="latest">The backup that was just made or found to be still good; it stays, whatever the clock says.</param>
    /// <param name="keep">How many are to be left.</param>
    /// <param name="migrated">Unless the migrations were applied, only what earlier attempts at them left is deleted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<Backup>> PruneAsync(Backup latest, int keep, bool migrated, CancellationToken cancellationToken)
    {
        // One dated after the latest was made while a clock was wrong.
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

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unsafe();
}
