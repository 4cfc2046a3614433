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
    /// Deletes the oldest automatic backups of a database, so that <paramref name="keep"/> are left; others are never deleted.
    /// </summary>
    public async Task<IReadOnlyList<Backup>> PruneAsync(string database, int keep, CancellationToken cancellationToken)
    {
        var backups = await ListAsync(_ => { }, cancellationToken);
        IReadOnlyList<Backup> surplus =
            [.. backups.Where(backup => backup.Manifest.Automatic && backup.Manifest.Database == database).Skip(keep)];
        foreach (var backup in surplus)
        {
            backup.Delete();
        }

        return surplus;
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unsafe();
}
