using System.Text.Json;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>The commands as users and scripts run them.</summary>
public sealed class BackupCommandTests : IAsyncLifetime
{
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.EmptyAsync();

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [Fact]
    public async Task Back_up_list_verify_restore_undo_prune()
    {
        await _trial.ExecuteAsync("CREATE TABLE notes AS SELECT 'old' AS note");
        await OkAsync("backup", _trial.Folder.Path);
        var file = Assert.Single(Directory.GetFiles(_trial.Folder.Path, "*.dump"));
        Assert.Equal(1, (await RunAsync("backups", "--check", "1")).ExitCode);
        await OkAsync("verify-backup", file);
        Assert.StartsWith("OK: ", await OkAsync("backups", "--check", "1"), StringComparison.Ordinal);
        await _trial.ExecuteAsync("UPDATE notes SET note = 'new'");

        await OkAsync("restore", Path.GetFileName(file));
        Assert.Equal("old", await NoteAsync());

        using var list = JsonDocument.Parse(await OkAsync("backups", "--json"));
        var backup = Assert.Single(list.RootElement.GetProperty("backups").EnumerateArray());
        Assert.Equal(Path.GetFileName(file), backup.GetProperty("file").GetString());
        Assert.True(backup.TryGetProperty("verifiedAt", out _));
        Assert.Equal(1, list.RootElement.GetProperty("replaced").GetArrayLength());

        await OkAsync("restore", "undo");
        Assert.Equal("new", await NoteAsync());
        await OkAsync("restore", "undo");
        Assert.Equal("old", await NoteAsync());
        var replacedNow = Assert.Single(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Replaced));
        await _trial.ExecuteAsync("UPDATE notes SET note = 'newer'");
        await OkAsync("restore", Path.GetFileName(file));
        var unknown = await RunAsync("restore", "undo", "moviedb_replaced_never");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains(replacedNow, unknown.LastErrorLine, StringComparison.Ordinal);
        await OkAsync("restore", "undo", replacedNow);
        Assert.Equal("new", await NoteAsync());

        var refused = await RunAsync("restore", "prune");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--yes", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(2, (await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Replaced)).Count);
        await OkAsync("restore", "prune", "--yes");
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Replaced));
        Assert.Equal("new", await NoteAsync());
    }

    [Fact]
    public async Task List_names_the_database_and_notices_what_became_of_a_verified_file()
    {
        var backup = await _trial.BackupAsync();
        await (backup with { Manifest = backup.Manifest with { VerifiedAt = DateTimeOffset.UtcNow } })
            .WriteManifestAsync(CancellationToken.None);
        Assert.Matches($"{_trial.Target.Database} .* verified [0-9]", await OkAsync("backups"));
        Assert.Equal(0, (await RunAsync("backups", "--check", "1")).ExitCode);

        File.SetLastWriteTimeUtc(backup.Path, DateTime.UtcNow.AddSeconds(5));
        Assert.Contains("but written to since", await OkAsync("backups"), StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("backups", "--check", "1")).ExitCode);

        await using (var file = File.OpenWrite(backup.Path))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Contains("damaged: the file has another size", await OkAsync("backups"), StringComparison.Ordinal);
        using var list = JsonDocument.Parse(await OkAsync("backups", "--json"));
        Assert.Equal("damaged", list.RootElement.GetProperty("backups")[0].GetProperty("state").GetString());
        Assert.Equal(1, (await RunAsync("backups", "--check", "1")).ExitCode);
    }

    [Theory]
    [InlineData("Give the FILE to restore, or one of the subcommands undo and prune.", "restore")]
    [InlineData("Unrecognized command or argument 'b'.", "restore", "undo", "a", "b")]
    [InlineData("--jobs needs a number from 1 to 64, not '0'.", "restore", "a.dump", "--jobs", "0")]
    [InlineData("--jobs needs a number from 1 to 64, not 'all'.", "verify-backup", "a.dump", "--jobs", "all")]
    public async Task Invalid_command_line_is_refused(string reason, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no file ", "restore", "missing.dump")]
    [InlineData("There is no file ", "verify-backup", "missing.dump")]
    [InlineData("There is no database that a restore has replaced.", "restore", "undo")]
    public async Task Missing_backup_is_named(string reason, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.LastErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Backup__Keep", "0", "Backup__Keep must be a number, 1 or more.")]
    [InlineData("Backup__Keep", "many", "'many' at 'Backup__Keep'")]
    [InlineData("Backup__BeforeMigration", "perhaps", "'perhaps' at 'Backup__BeforeMigration'")]
    public async Task Invalid_setting_is_named(string name, string value, string reason)
    {
        var result = await Worker.RunAsync(_trial.ConnectionString, new Dictionary<string, string> { [name] = value }, "backup");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_setting_counts_as_not_set()
    {
        var result = await Worker.RunAsync(
            _trial.ConnectionString,
            new Dictionary<string, string>
            {
                ["Backup__Keep"] = "",
                ["Backup__BeforeMigration"] = "",
                ["Backup__Folder"] = _trial.Folder.Path,
            },
            "backup");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Migration_of_a_database_with_data_is_preceded_by_a_backup()
    {
        await _trial.ExecuteAsync("CREATE TABLE notes AS SELECT 'old' AS note");
        var up = await RunAsync("up", "--seed", "none");
        Assert.Equal((0, "warning: table notes is not of this build."), (up.ExitCode, up.Error.Trim()));
        var backup = Assert.Single(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None));
        Assert.True(backup.Manifest.Automatic);
        Assert.StartsWith("before migration ", backup.Manifest.Reason, StringComparison.Ordinal);
        Assert.Equal("notes", Assert.Single(backup.Manifest.Tables).Name);

        up = await RunAsync("up", "--seed", "none");
        Assert.Equal(
            (0, "warning: The database is not what this build expects: table notes is extra. See them with: status"),
            (up.ExitCode, up.Error.Trim()));
        Assert.Single(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None));
    }

    [Fact]
    public async Task Audit_trail_shows_backups_to_those_who_do_not_see_the_files()
    {
        await using var trial = await BackupTrial.SeededAsync();
        Assert.Equal(0, (await Worker.RunAsync(trial.ConnectionString, "backup", trial.Folder.Path)).ExitCode);
        var backup = Assert.Single(await trial.Folder.ListAsync(Assert.Fail, CancellationToken.None));
        Assert.Equal(
            $"{Path.GetFileName(backup.Path)}, {backup.Manifest.Size}",
            await trial.ScalarAsync<string>(
                """
                SELECT concat_ws(', ', after->>'file', after->>'bytes') FROM audit_entries
                WHERE action = 'database.backedUp' AND actor_id IS NULL
                """));
    }

    [Fact]
    public async Task Failing_migration_is_backed_up_again_only_after_a_change_and_the_first_backup_stays()
    {
        // The first migration makes a table of that name, too.
        await _trial.ExecuteAsync("CREATE TABLE movies (id bigint); CREATE TABLE notes AS SELECT 'first' AS note");
        await FailAsync("up", "--seed", "none");
        var first = Assert.Single(await AutomaticAsync());
        var again = await FailAsync("up", "--seed", "none");
        Assert.Contains($"{first.Path} holds the database as it is.", again, StringComparison.Ordinal);
        Assert.Single(await AutomaticAsync());

        for (var i = 1; i <= 3; i++)
        {
            await _trial.ExecuteAsync(i == 2 ? "CREATE INDEX ix_notes ON notes (note)" : $"INSERT INTO notes VALUES ('{i}')");
            await FailAsync("up", "--seed", "none");
            await FailAsync("up", "--seed", "none");
        }

        // Backup__Keep is 2.
        Assert.Equal(3, (await AutomaticAsync()).Count);
        Assert.Contains(first.Path, (await AutomaticAsync()).Select(backup => backup.Path));

        await _trial.ExecuteAsync("DROP TABLE movies");
        Assert.Equal(0, (await RunAsync("up", "--seed", "none")).ExitCode);
        var left = await AutomaticAsync();
        Assert.Contains(first.Path, left.Select(backup => backup.Path));
        Assert.NotNull(left[0].Manifest.MigratedAt);
        Assert.Equal(3, left.Count);

        // An attempt that succeeded ends the need for it.
        await _trial.ExecuteAsync("INSERT INTO notes VALUES ('after')");
        Assert.Equal(0, (await RunAsync("rollback", "--yes")).ExitCode);
        Assert.DoesNotContain(first.Path, (await AutomaticAsync()).Select(backup => backup.Path));
    }

    [Fact]
    public async Task Damaged_backup_of_the_same_state_is_made_again()
    {
        await _trial.ExecuteAsync("CREATE TABLE movies (id bigint); CREATE TABLE notes AS SELECT 'first' AS note");
        await FailAsync("up", "--seed", "none");
        await File.AppendAllTextAsync(Assert.Single(await AutomaticAsync()).Path, "x");
        await FailAsync("up", "--seed", "none");
        Assert.Equal(2, (await AutomaticAsync()).Count);
    }

    [Fact]
    public async Task Migration_does_not_begin_when_its_backup_fails()
    {
        await _trial.ExecuteAsync("CREATE TABLE notes AS SELECT 'old' AS note");
        var settings = new Dictionary<string, string> { ["Backup__Folder"] = "/proc/nowhere" };
        var result = await Worker.RunAsync(_trial.ConnectionString, settings, "up", "--seed", "none");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: Nothing was migrated", result.LastErrorLine, StringComparison.Ordinal);
        Assert.False(await _trial.ScalarAsync<bool>("SELECT to_regclass('movies') IS NOT NULL"));

        settings["Backup__BeforeMigration"] = "false";
        Assert.Equal(0, (await Worker.RunAsync(_trial.ConnectionString, settings, "up", "--seed", "none")).ExitCode);
        Assert.True(await _trial.ScalarAsync<bool>("SELECT to_regclass('movies') IS NOT NULL"));
    }

    [Fact]
    public async Task Database_without_data_needs_no_backup()
    {
        await OkAsync("up", "--seed", "none");
        Assert.Empty(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Full_disk_is_reported_and_leaves_nothing()
    {
        // A disk of one megabyte that only this worker sees, and random text, which does not shrink.
        await _trial.ExecuteAsync("CREATE TABLE notes AS SELECT md5(random()::text) AS note FROM generate_series(1, 100000)");
        var worker = Worker.Describe(_trial.ConnectionString, "backup", _trial.Folder.Path);
        var start = Testing.Cli.Command(
            "unshare",
            ["--map-root-user", "--mount", "sh", "-c",
            "disk=$1; shift; mount -t tmpfs -o size=1m tmpfs \"$disk\"; \"$@\"; code=$?; echo left: $(ls -A \"$disk\"); exit $code",
             "sh", _trial.Folder.Path, worker.FileName, .. worker.ArgumentList]);
        start.Environment["ConnectionStrings__moviedb"] = _trial.ConnectionString;
        var result = await start.RunAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: No space left on device", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Contains(_trial.Folder.Path, result.LastErrorLine, StringComparison.Ordinal);
        Assert.EndsWith("\nleft:\n", result.Output, StringComparison.Ordinal);
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error.Replace(MigrationWarning, "", StringComparison.Ordinal).Trim()));
        return result.Output;
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        return result.Output;
    }

    private async Task<IReadOnlyList<Backup>> AutomaticAsync() =>
        [.. (await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Where(backup => backup.Manifest.Automatic)];

    private static string MigrationWarning =>
        $"warning: It is at migration none, this build at {Data.Migrations.MigrationScript.LatestId}. Bring it up to date with: up";

    private Task<ProcessResult> RunAsync(params string[] arguments) => Worker.RunAsync(
        _trial.ConnectionString,
        new Dictionary<string, string> { ["Backup__Folder"] = _trial.Folder.Path, ["Backup__Keep"] = "2" },
        arguments);

    private Task<string?> NoteAsync() => _trial.ScalarAsync<string>("SELECT note FROM notes");
}
