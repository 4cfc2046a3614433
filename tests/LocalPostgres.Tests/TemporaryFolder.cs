using System.Runtime.Versioning;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>A folder that the test deletes. A server without root's rights can pass through it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class TemporaryFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("localpostgres-").FullName;
        File.SetUnixFileMode(Path, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a shell script.</summary>
    public string Program(string name, string script)
    {
        var file = Below(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, Owner);
        return file;
    }

    /// <summary>Puts fake container engines, which do not answer, before the machine's on the PATH.</summary>
    public void HideEngines()
    {
        foreach (var engine in new[] { "docker", "podman" })
        {
            Program($"bin/{engine}", "echo 'Is the daemon running?' >&2; exit 1");
        }
    }

    // Retried, because a server that is stopping still writes.
    public Task DeleteAsync() =>
        Eventually.SucceedsAsync(() =>
        {
            Directory.Delete(Path, recursive: true);
            return Task.CompletedTask;
        });
}
