using System.Runtime.CompilerServices;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Keeps the backups that migrations make in tests out of the folder of the user who runs them.</summary>
internal static class OwnBackupFolder
{
    [ModuleInitializer]
    public static void Use()
    {
        var folder = Directory.CreateTempSubdirectory("movieaspire-test-backups-").FullName;
        Environment.SetEnvironmentVariable("Backup__Folder", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
