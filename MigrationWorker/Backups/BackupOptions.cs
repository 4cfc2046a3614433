using System.ComponentModel.DataAnnotations;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>The settings <c>Backup__…</c>.</summary>
internal sealed class BackupOptions
{
    public const string Section = "Backup";

    /// <summary>The folder of the backups. Default: a folder of the user who runs the worker.</summary>
    public string? Folder { get; set; }

    /// <summary>How many automatic backups of a database are kept.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Backup__Keep must be a number, 1 or more.")]
    public int Keep { get; set; } = 5;

    /// <summary>Whether a backup is made before a migration of a database with data.</summary>
    public bool BeforeMigration { get; set; } = true;

    /// <summary>The requested folder, or the configured one.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public BackupFolder FolderOr(string? given) => new(given ?? (string.IsNullOrEmpty(Folder) ? DefaultFolder() : Folder));

    private static string DefaultFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } data
            ? Path.Combine(data, "MovieAspire", "backups")
            : throw new UserErrorException(
                "There is no place for backups: set Backup__Folder to a folder that outlives this machine's or container's next start.");
}
