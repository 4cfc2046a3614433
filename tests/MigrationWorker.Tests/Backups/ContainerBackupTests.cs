using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Where the machine's programs do not fit the server, those of the server's container are used.</summary>
public sealed class ContainerBackupTests : IAsyncLifetime
{
    private ServerInContainer _server = null!;
    private BackupTrial _trial = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerInContainer.StartAsync();
        _trial = BackupTrial.On(_server.ConnectionString, new ClientToolsFinder([]));
    }

    public async Task DisposeAsync()
    {
        await _trial.DisposeAsync();
        await _server.DisposeAsync();
    }

    [RequiresFact(Tool.PostgresImage)]
    public async Task Backup_and_restore_run_inside_the_container_of_the_server()
    {
        Assert.Equal(0, (await Worker.RunAsync(_trial.ConnectionString)).ExitCode);
        var before = await _trial.ContentsAsync();
        var backup = await _trial.BackupAsync();
        Assert.Equal(17, ToolVersion.ParseMajor(backup.Manifest.ToolVersion));
        await _trial.ExecuteAsync("DELETE FROM favorites");

        await _trial.RestoreAsync(backup);

        Assert.Equal(before, await _trial.ContentsAsync());
        Assert.DoesNotContain(
            "movieaspire", await ServerInContainer.DockerAsync("exec", _server.Id, "ls", "/tmp"), StringComparison.Ordinal);
    }

    [RequiresFact(Tool.PostgresImage)]
    public async Task Backup_goes_to_a_newer_server_but_not_back()
    {
        await using var older = await BackupTrial.SeededAsync();
        var backup = await older.BackupAsync();
        Assert.Equal(0, (await Worker.RunAsync(_trial.ConnectionString, "up", "--seed", "none")).ExitCode);
        await _trial.RestoreAsync(backup, keepOwners: false);
        Assert.Equal(await older.ContentsAsync(), await _trial.ContentsAsync());

        var newer = await _trial.BackupAsync();
        var error = await Assert.ThrowsAsync<UserErrorException>(() => older.RestoreAsync(newer));
        Assert.Contains("comes from PostgreSQL 17", error.Message, StringComparison.Ordinal);
        Assert.Equal(backup.Manifest.Tables, await older.ContentsAsync());
    }

    [RequiresFact(Tool.PostgresImage)]
    public async Task Programs_that_are_newer_than_the_server_do_as_well()
    {
        var tools = Directory.CreateTempSubdirectory("movieaspire-tools-");
        try
        {
            foreach (var program in new[] { ClientTools.Dump, ClientTools.Restore })
            {
                ToolScript.Write(
                    Path.Combine(tools.FullName, program),
                    "exec docker run --rm --network=host --env PGHOST --env PGPORT --env PGUSER --env PGPASSWORD --volume=/tmp:/tmp:ro "
                    + $"{Prerequisite.PostgresImage} {program} \"$@\"");
            }

            await using var older = await BackupTrial.SeededAsync(new ClientToolsFinder([tools.FullName]));
            var backup = await older.BackupAsync();
            Assert.Equal(17, ToolVersion.ParseMajor(backup.Manifest.ToolVersion));
            await older.ExecuteAsync("DELETE FROM favorites");
            await older.RestoreAsync(backup);
            Assert.Equal(backup.Manifest.Tables, await older.ContentsAsync());
        }
        finally
        {
            tools.Delete(recursive: true);
        }
    }
}
