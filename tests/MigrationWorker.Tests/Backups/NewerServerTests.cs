using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Migration, rollback, backup and restore on servers that are newer than those of most machines.</summary>
public sealed class NewerServerTests
{
    [RequiresTheory(Tool.PostgresImage)]
    [InlineData("postgres:17")]
    [InlineData("postgres:18.3")]
    public async Task Newer_server_migrates_up_and_down_without_drift_and_restores(string image)
    {
        await using var server = await ServerInContainer.StartAsync(image);
        await using var trial = BackupTrial.On(server.ConnectionString);
        await SucceedsAsync(trial, "up");
        await SucceedsAsync(trial, "status", "--check");
        await SucceedsAsync(trial, "verify");
        var seeded = await SeededData.HashAsync(trial.ConnectionString);

        await SucceedsAsync(trial, "migrate", "--to", "nothing", "--yes");
        await SucceedsAsync(trial, "up", "--seed", "none");
        await SucceedsAsync(trial, "verify");

        // The one that was made before the rollback.
        await SucceedsAsync(trial, "restore", Assert.Single(await trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Path);
        Assert.Equal(seeded, await SeededData.HashAsync(trial.ConnectionString));
        await SucceedsAsync(trial, "status", "--check");
    }

    private static async Task SucceedsAsync(BackupTrial trial, params string[] command)
    {
        var result = await Worker.RunAsync(trial.ConnectionString, new() { ["Backup__Folder"] = trial.Folder.Path }, command);
        Assert.True(result.ExitCode == 0, $"{command[0]}: {result.Output}{result.Error}");
    }
}
