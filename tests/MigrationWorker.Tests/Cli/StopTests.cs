using System.Diagnostics;
using System.Globalization;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Cli;

public sealed class StopTests
{
    [RequiresTheory(Tool.Linux)]
    [InlineData("-INT", "seed", "--again")]
    [InlineData("-TERM", "seed", "--again")]
    [InlineData("-INT", "backup")]
    public async Task Stopped_command_says_so_and_leaves_nothing_half_done(string signal, params string[] command)
    {
        await using var trial = await BackupTrial.SeededAsync();
        var before = await trial.ContentsAsync();
        WorkerResult result;
        await using (var obstacle = await TableInUse.TakeAsync(trial.ConnectionString, "movies", "ACCESS EXCLUSIVE"))
        {
            var start = Worker.Describe(trial.ConnectionString, command);
            start.Environment["Backup__Folder"] = trial.Folder.Path;

            // As from a terminal: where the tests run in the background of a script, SIGINT is ignored, and a process inherits that.
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "--default-signal=INT");
            start.FileName = "env";
            using var worker = Process.Start(start)!;
            await Eventually.HoldsAsync(obstacle.IsWaitedForAsync, "the worker waits for the table");
            await Testing.Cli.RunAsync("kill", signal, worker.Id.ToString(CultureInfo.InvariantCulture));
            result = await Worker.FinishAsync(worker);
        }

        Assert.Equal((130, "error: Stopped; unfinished work was rolled back."), (result.ExitCode, result.Error.Trim()));
        Assert.Equal(before, await trial.ContentsAsync());
        Assert.Empty(Directory.GetFiles(trial.Folder.Path));
    }
}
