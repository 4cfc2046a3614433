using System.Globalization;
using Microsoft.Extensions.Configuration;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Where backups are kept, and which are made without being asked for.</summary>
/// <param name="Folder"><c>Backup__Folder</c>; otherwise a folder of the user who runs the worker.</param>
/// <param name="Keep"><c>Backup__Keep</c>: how many automatic backups of a database are kept, 1 or more.</param>
/// <param name="BeforeMigration"><c>Backup__BeforeMigration</c>: whether a backup is made before a migration of a database with data.</param>
internal sealed record BackupOptions(string? Folder, int Keep, bool BeforeMigration)
{
    private const int DefaultKeep = 5;

    /// <exception cref="UserErrorException">A setting makes no sense.</exception>
    public static BackupOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Backup");
        return new BackupOptions(
            section["Folder"] is { Length: > 0 } folder ? folder : null,
            section["Keep"] is not { Length: > 0 } keep ? DefaultKeep
                : int.TryParse(keep, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
                : throw new UserErrorException($"Backup__Keep is '{keep}'; it must be a number, 1 or more."),
            section["BeforeMigration"] is not { Length: > 0 } before || (bool.TryParse(before, out var wanted) ? wanted
                : throw new UserErrorException($"Backup__BeforeMigration is '{before}'; it must be true or false.")));
    }

    /// <summary>The folder that was asked for, or the one that is set.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public BackupFolder FolderOr(string? given) => new(given ?? Folder ?? DefaultFolder());

    private static string DefaultFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? Path.Combine(data, "MovieAspire", "backups")
            : throw new UserErrorException("There is no place for backups: set Backup__Folder to a folder that outlives this machine's or container's next start.");
}
