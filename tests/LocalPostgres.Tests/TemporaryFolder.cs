using System.Runtime.Versioning;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>A folder that goes when the test ends; a server without root's rights may pass through it.</summary>
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

    /// <summary>Makes a program of the shell.</summary>
    public string Program(string name, string script)
    {
        var file = Below(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, Owner);
        return file;
    }

    /// <summary>Puts before the machine's container engines some that do not answer.</summary>
    public void HideEngines()
    {
        foreach (var engine in new[] { "docker", "podman" })
        {
            Program($"bin/{engine}", "echo 'Is the daemon running?' >&2; exit 1");
        }
    }

    // A server that is just ending still writes.
    public Task DeleteAsync() =>
        Eventually.SucceedsAsync(() =>
        {
            Directory.Delete(Path, recursive: true);
            return Task.CompletedTask;
        });
}
