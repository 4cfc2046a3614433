namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>A folder that other users may pass through, as PostgreSQL's must be able to, and that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("hosting-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);
        }
    }

    public string Path { get; }

    public string Below(params IEnumerable<string> names) => System.IO.Path.Combine([Path, .. names]);

    /// <returns>The path of a shell script that can be run.</returns>
    public string Program(string name, string script)
    {
        var path = Below(name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
