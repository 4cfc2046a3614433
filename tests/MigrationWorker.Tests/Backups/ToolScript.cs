namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Shell scripts in the place of PostgreSQL's programs.</summary>
internal static class ToolScript
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
