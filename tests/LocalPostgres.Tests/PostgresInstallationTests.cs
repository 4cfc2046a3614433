using System.Runtime.Versioning;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PostgresInstallationTests : IDisposable
{
    private static readonly string[] Versions = ["9.6.24", "14.19", "15.18", "19rc1", "17.10", "17.9"];
    private readonly string _folder = Directory.CreateTempSubdirectory("installations-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresFact(Tool.Unix)]
    public async Task The_newest_installation_comes_first_and_too_old_ones_not_at_all()
    {
        var found = await PostgresInstallation.InspectAsync(
            Versions.Select(version => Install(version, version)));

        Assert.Equal(["19rc1", "17.10", "17.9", "15.18"], found.Select(i => i.Version));
    }

    [RequiresFact(Tool.Unix)]
    public async Task Links_lead_to_one_installation_and_broken_ones_to_none()
    {
        var installed = Install("fifteen", "15.18");
        var links = Directory.CreateDirectory(Path.Combine(_folder, "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "postgres"), Path.Combine(installed, "postgres"));
        var broken = Directory.CreateDirectory(Path.Combine(_folder, "broken")).FullName;
        File.CreateSymbolicLink(Path.Combine(broken, "postgres"), Path.Combine(_folder, "gone"));

        var found = await PostgresInstallation.InspectAsync([links, broken, Path.Combine(_folder, "none"), installed]);

        Assert.Equal(installed, Assert.Single(found).Folder);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Programs_that_fail_or_say_nonsense_are_no_installation()
    {
        var failing = Install("failing", "15.1");
        await File.WriteAllTextAsync(Path.Combine(failing, "postgres"), "#!/bin/sh\nexit 1\n");
        var strange = Install("strange", "unknown");

        Assert.Empty(await PostgresInstallation.InspectAsync([failing, strange]));
    }

    [RequiresFact(Tool.Unix)]
    public async Task This_machine_has_one() =>
        Assert.True((await PostgresInstallation.FindAsync()).Major >= PostgresInstallation.OldestMajor);

    private string Install(string name, string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var program in new[] { "postgres", "initdb" })
        {
            var file = Path.Combine(folder, program);
            File.WriteAllText(file, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
