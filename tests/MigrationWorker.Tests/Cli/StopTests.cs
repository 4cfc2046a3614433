using System.Diagnostics;
using System.Globalization;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Cli;

/// <summary>Ctrl+C, and the signal by which a container or a service is stopped.</summary>
public sealed class StopTests
{
    private const string RolledBack = "Stopped; unfinished work was rolled back. Run the command again to do it.";

    private const string Kept = "Stopped; nothing of the import is visible yet. Run it again to go on from what was read, "
        + "or discard that: DROP SCHEMA IF EXISTS import CASCADE;";

    [RequiresTheory(Tool.Linux)]
    [InlineData("-INT", "movies", RolledBack, "seed", "--again")]
    [InlineData("-INT", "movies", RolledBack, "backup")]
    [InlineData("-TERM", "movies", RolledBack, "verify")]
    [InlineData("-INT", "movies", RolledBack, "plan", "--to", "nothing")]
    [InlineData("-INT", "movies", RolledBack, "dump", "FOLDER/whole.json")]
    [InlineData("-TERM", "movies", RolledBack, "load", "FILES/movies.json")]
    [InlineData("-INT", "movies", RolledBack, "import", "FILES/movielens", "--dry-run")]
    [InlineData("-INT", "movies", Kept, "import", "FILES/movielens")]
    [InlineData("-TERM", "movies", Kept, "import", "FILES/tmdb.csv")]
    [InlineData("-TERM", "movies", RolledBack, "rollback", "--steps", "4", "--yes")]
    [InlineData("-INT", "movies", RolledBack, "migrate", "--to", "nothing", "--yes")]
    [InlineData("-TERM", "applied_migrations", RolledBack, "repair", "--yes")]
    [InlineData("-INT", "applied_migrations", RolledBack, "baseline")]
    [InlineData("-INT", "applied_migrations", RolledBack, "up")]
    public async Task Stopped_command_says_so_and_leaves_nothing_half_done(string signal, string table, string said, params string[] command)
    {
        await using var trial = await BackupTrial.SeededAsync();
        var files = Directory.CreateTempSubdirectory("movieaspire-stop-");
        try
        {
            WriteFiles(files.FullName);
            command = [.. command.Select(word => word
                .Replace("FILES", files.FullName, StringComparison.Ordinal).Replace("FOLDER", trial.Folder.Path, StringComparison.Ordinal))];
            var before = await ContentsAsync(trial);
            ProcessResult result;
            await using (var obstacle = await TableInUse.TakeAsync(trial.ConnectionString, table, "ACCESS EXCLUSIVE"))
            {
                result = await StopAsync(trial, signal, obstacle.IsWaitedForAsync, command);
            }

            Assert.Equal((130, $"error: {said}"), (result.ExitCode, result.LastErrorLine));
            Assert.Equal(before, await ContentsAsync(trial));
            Assert.Empty(Directory.GetFiles(trial.Folder.Path));

            var again = await Worker.RunAsync(trial.ConnectionString, new() { ["Backup__Folder"] = trial.Folder.Path }, command);
            Assert.Equal((0, ""), (again.ExitCode, again.Error));
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    [RequiresTheory(Tool.Linux)]
    [InlineData("-TERM", "restore")]
    [InlineData("-INT", "verify-backup")]
    public async Task Stopped_restore_leaves_the_live_database_and_no_other(string signal, string command)
    {
        await using var trial = await BackupTrial.SeededAsync();
        Backup backup;
        var before = await ContentsAsync(trial);
        ProcessResult result;
        await using (var obstacle = new NpgsqlConnection(trial.ConnectionString + ";Pooling=false"))
        {
            // Whoever fills this table again waits until the obstacle's session has ended.
            await obstacle.OpenAsync();
            await trial.ExecuteAsync($"""
                CREATE FUNCTION is_free() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                    WHILE current_database() <> '{trial.Target.Database}'
                        AND EXISTS (SELECT FROM pg_stat_activity WHERE pid = {obstacle.ProcessID}) LOOP
                        PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
                    END LOOP;
                    RETURN true;
                END $$;
                CREATE TABLE obstacles (name text CHECK (public.is_free()));
                INSERT INTO obstacles VALUES ('here');
                """);
            before = await ContentsAsync(trial);
            backup = await trial.BackupAsync();
            result = await StopAsync(trial, signal, IsWaitingAsync, command, backup.Path);
        }

        Assert.Equal((130, $"error: {RolledBack}"), (result.ExitCode, result.LastErrorLine));
        await IsAloneAsync(trial, before);
        var again = await Worker.RunAsync(trial.ConnectionString, command, backup.Path);
        Assert.Equal((0, ""), (again.ExitCode, again.Error));

        async Task<bool> IsWaitingAsync() => await Sql.ScalarAsync<long>(
            await PostgresServer.ConnectionStringAsync(),
            $"SELECT count(*) FROM pg_stat_activity WHERE datname LIKE '{trial.Target.Database}%' AND query LIKE 'COPY public.obstacles %'") > 0;
    }

    [RequiresFact(Tool.Linux)]
    public async Task Stopped_recreate_leaves_the_live_database_and_no_other()
    {
        await using var trial = await BackupTrial.SeededAsync();
        var before = await ContentsAsync(trial);
        var result = await StopAsync(trial, "-INT", IsFillingAsync, "recreate");
        Assert.Equal((130, $"error: {RolledBack}"), (result.ExitCode, result.LastErrorLine));
        await IsAloneAsync(trial, before);
        var again = await Worker.RunAsync(trial.ConnectionString, "recreate", "--seed", "none");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));

        // The rest of the seed takes seconds.
        async Task<bool> IsFillingAsync() => await Sql.ScalarAsync<long>(
            await PostgresServer.ConnectionStringAsync(),
            $"SELECT count(*) FROM pg_stat_activity WHERE datname LIKE '{trial.Target.Database}_restoring%' AND query ~ '^(COPY|INSERT)'") > 0;
    }

    private static async Task IsAloneAsync(BackupTrial trial, List<TableContent> before)
    {
        Assert.Equal(before, await ContentsAsync(trial));
        foreach (var purpose in new[] { ShadowDatabaseName.Restoring, ShadowDatabaseName.Verifying, ShadowDatabaseName.Replaced })
        {
            Assert.Empty(await trial.ShadowDatabasesAsync(purpose));
        }
    }

    private static async Task<ProcessResult> StopAsync(
        BackupTrial trial, string signal, Func<Task<bool>> isWaiting, params string[] command)
    {
        var start = Worker.Describe(trial.ConnectionString, command);
        start.Environment["Backup__Folder"] = trial.Folder.Path;
        using var worker = Process.Start(start.AsFromTerminal())!;
        await Eventually.HoldsAsync(isWaiting, "the worker waits for the obstacle");
        await Testing.Cli.RunAsync("kill", signal, worker.Id.ToString(CultureInfo.InvariantCulture));
        return await worker.FinishAsync();
    }

    // What an import has read is in a schema of its own.
    private static async Task<List<TableContent>> ContentsAsync(BackupTrial trial) =>
        [.. (await trial.ContentsAsync()).Where(table => table.Schema == "public")];

    private static void WriteFiles(string folder)
    {
        File.WriteAllText(
            Path.Combine(folder, "movies.json"),
            $$$"""
            {"format":"movieaspire-fixture","version":1,"migration":"{{{Data.Migrations.MigrationScript.LatestId}}}",
            "tables":{"movies":[{"title":"Of a file","release_date":"2001-02-03"}]}}
            """);
        File.WriteAllText(Path.Combine(folder, "tmdb.csv"), "title,release_date\nOf a file,2001-02-03\n");
        var movieLens = Directory.CreateDirectory(Path.Combine(folder, "movielens")).FullName;
        File.WriteAllText(Path.Combine(movieLens, "movies.csv"), "movieId,title,genres\n1,Of a file (2001),Drama\n");
        File.WriteAllText(Path.Combine(movieLens, "ratings.csv"), "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
    }
}
