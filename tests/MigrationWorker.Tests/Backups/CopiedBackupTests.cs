using System.Runtime.Versioning;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Backups that are copied to another machine and come back to an empty one, by the commands of docs/operations.md.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CopiedBackupTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-copies-");
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.SeededAsync();

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _trial.DisposeAsync();
    }

    [RequiresFact(Tool.Linux, Tool.OpenSsh, Tool.Rsync)]
    public async Task Backups_go_to_another_machine_and_restore_an_empty_server_from_there()
    {
        var contents = await _trial.ContentsAsync();
        await OkAsync(_trial.ConnectionString, "backup", _trial.Folder.Path);
        var file = Path.GetFileName(Assert.Single(Directory.GetFiles(_trial.Folder.Path, "*.dump")));
        await OkAsync(_trial.ConnectionString, "verify-backup", Path.Combine(_trial.Folder.Path, file));
        await File.WriteAllTextAsync(Path.Combine(_trial.Folder.Path, ".unfinished.dump"), "half");

        await using var elsewhere = await SshServer.StartAsync();
        await RunAsync(elsewhere, away: true, _trial.Folder.Path);
        Assert.Equal([file, file + ".json"], FilesIn(Elsewhere));
        Assert.StartsWith(
            $"OK: the newest verified backup of {_trial.Target.Database}, {file}, is ",
            await OkAsync(_trial.ConnectionString, "backups", Elsewhere, "--check", "1"), StringComparison.Ordinal);

        using var empty = await ThrowAwayCluster.StartAsync();
        await Sql.ExecuteAsync(
            empty.ConnectionString, $"CREATE ROLE {DatabaseOwner.Role} LOGIN CREATEDB PASSWORD '{DatabaseOwner.Role}'");
        var target = new NpgsqlConnectionStringBuilder(_trial.ConnectionString) { Port = empty.Port }.ConnectionString;
        var back = Path.Combine(_folder.FullName, "back");
        await RunAsync(elsewhere, away: false, back);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(back, file)));
        await OkAsync(target, "restore", Path.Combine(back, file));
        Assert.StartsWith("OK: ", await OkAsync(target, "backups", back, "--check", "1"), StringComparison.Ordinal);

        await using var restored = BackupTrial.On(target);
        Assert.Equal(contents, await restored.ContentsAsync());
    }

    private string Elsewhere => Path.Combine(_folder.FullName, "elsewhere");

    private static string[] FilesIn(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static async Task<string> OkAsync(string connectionString, params string[] command)
    {
        var result = await Worker.RunAsync(connectionString, command);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    /// <summary>Runs the documented command, with other folders.</summary>
    private async Task RunAsync(SshServer server, bool away, string folder)
    {
        var documented = (await File.ReadAllLinesAsync(Repository.PathOf("docs", "operations.md")))
            .Select(line => line.Split('#')[0].Trim())
            .Single(line => line.StartsWith("rsync ", StringComparison.Ordinal)
                && away == line.EndsWith("backup@elsewhere:movieaspire/", StringComparison.Ordinal));
        var command = documented
            .Replace("/var/backups/movieaspire/", $"{folder}/", StringComparison.Ordinal)
            .Replace("backup@elsewhere:movieaspire/", $"{SshServer.Address}:{Elsewhere}/", StringComparison.Ordinal);
        var result = await Testing.Cli.RunInAsync("/", [new("RSYNC_RSH", server.Client)], "sh", "-c", command);
        Assert.True(result.ExitCode == 0, $"{command}: {result.All}");
    }
}
