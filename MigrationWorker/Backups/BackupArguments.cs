using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Arguments and options that several backup commands share.</summary>
internal static class BackupArguments
{
    private const int MostJobs = 64;

    public static Argument<string?> Folder() => new("FOLDER")
    {
        Description = "Folder of the backups. Default: Backup__Folder, or MovieAspire/backups in the user's local application data.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<int> Jobs()
    {
        var jobs = new Option<int>("--jobs", "-j")
        {
            Description = "How many connections load and build indexes at once. Default: one for each processor, 2 to 8.",
            HelpName = "N",
            DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 2, 8),
        };
        jobs.AcceptOnlyFromTo(1, MostJobs);
        return jobs;
    }

    public static Option<bool> NoOwner() => new("--no-owner")
    {
        Description = "Leave out owners and rights; all belongs to the user who restores. "
            + "For servers that lack the roles of the backup's server.",
    };

    /// <summary>A backup by its path, or by its name in the folder of the backups.</summary>
    /// <exception cref="UserErrorException">It does not exist or cannot be read.</exception>
    public static Task<Backup> ReadAsync(string file, BackupOptions settings, CancellationToken cancellationToken) =>
        Backup.ReadAsync(
            File.Exists(file) || Path.GetFileName(file) != file
                ? Path.GetFullPath(file)
                : Path.Combine(settings.FolderOr(null).Path, file),
            cancellationToken);
}
