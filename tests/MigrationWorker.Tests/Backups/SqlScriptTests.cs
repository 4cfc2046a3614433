using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Backups on machines without PostgreSQL's client programs.</summary>
public sealed class SqlScriptTests : IAsyncLifetime
{
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.SeededAsync(new ClientToolsFinder(folders: []));

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [Fact]
    public async Task Script_restores_every_row_the_schema_and_the_next_ids()
    {
        var trigger = await _trial.ScalarAsync<string>(
            "SELECT min(tgname)::text FROM pg_trigger WHERE tgrelid = 'movies'::regclass AND NOT tgisinternal");
        await _trial.ExecuteAsync(
            $$"""
            UPDATE movies SET director = E'tab\t line\n return\r back\\slash \\. \\N "quotes" ''and'' ; é 電' WHERE id = 1;
            UPDATE movies SET director = '\.' WHERE id = 2;
            CREATE TABLE "Odd Name" (id bigint GENERATED ALWAYS AS IDENTITY, "the value" text DEFAULT 'x;y', twice int, at interval);
            INSERT INTO "Odd Name" ("the value", at) VALUES ('a', '1 day 02:03:04.5'), (NULL, '-1 mons'), ('', NULL);
            ALTER TABLE "Odd Name" DROP COLUMN twice;
            CREATE TABLE empty_one (n double precision CHECK (n > 0) NOT NULL);
            ALTER TABLE movies DISABLE TRIGGER {{trigger}};
            GRANT SELECT ON ratings TO pg_monitor;
            """);
        var (rows, schema, ids) = (await _trial.ContentsAsync(), await SchemaAsync(), await IdsAsync());

        var backup = await _trial.BackupAsync();
        Assert.True(backup.IsScript);
        Assert.Equal(rows, backup.Manifest.Tables);
        await _trial.ExecuteAsync("DELETE FROM ratings WHERE user_id = 1; INSERT INTO genres (name) VALUES ('New'); DROP TABLE empty_one");
        await _trial.RestoreAsync(backup);

        Assert.Equal(rows, await _trial.ContentsAsync());
        Assert.Equal(schema, await SchemaAsync());
        Assert.True(await _trial.ScalarAsync<bool>("SELECT has_table_privilege('pg_monitor', 'ratings', 'SELECT')"));
        Assert.Equal(ids, await IdsAsync());
        Assert.Equal(0, await _trial.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
        Assert.NotNull((await _trial.VerifyAsync(backup)).Manifest.VerifiedAt);
        Assert.Equal(backup.Path, Assert.Single(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Path);
    }

    [Fact]
    public async Task Settings_of_a_database_do_not_change_its_script()
    {
        await _trial.ExecuteAsync(
            $"""
            ALTER DATABASE "{_trial.Target.Database}" SET DateStyle = 'SQL, DMY';
            ALTER DATABASE "{_trial.Target.Database}" SET TimeZone = 'Asia/Tokyo';
            ALTER DATABASE "{_trial.Target.Database}" SET bytea_output = 'escape';
            """);
        var rows = await _trial.ContentsAsync();
        await _trial.RestoreAsync(await _trial.BackupAsync());
        Assert.Equal(rows, await _trial.ContentsAsync());
        Assert.Equal("Asia/Tokyo", await _trial.ScalarAsync<string>("SELECT current_setting('TimeZone')"));
    }

    [Theory]
    [InlineData("CREATE VIEW best AS SELECT * FROM movies", "relation best")]
    [InlineData("CREATE SCHEMA other; CREATE TABLE other.notes (id bigint)", "relation other.notes")]
    [InlineData("CREATE TABLE old_style (id bigserial)", "relation old_style_id_seq")]
    [InlineData("CREATE TYPE mood AS ENUM ('sad')", "type mood")]
    [InlineData("CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'", "function nothing()")]
    public async Task Objects_that_only_pg_dump_can_hold_are_refused_by_name(string sql, string named)
    {
        await _trial.ExecuteAsync(sql);
        var refused = await Assert.ThrowsAsync<UserErrorException>(() => _trial.BackupAsync());
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_trial.Folder.Path));
    }

    [Fact]
    public async Task Truncated_script_is_refused_before_anything_is_restored()
    {
        var backup = await _trial.BackupAsync();
        await using (var file = File.OpenWrite(backup.Path))
        {
            file.SetLength(file.Length / 2);
        }

        var rows = await _trial.ContentsAsync();
        var refused = await Assert.ThrowsAnyAsync<UserErrorException>(() => _trial.RestoreAsync(backup));
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(rows, await _trial.ContentsAsync());
    }

    [RequiresFact(Tool.Linux)]
    public async Task Rollback_without_pg_dump_is_preceded_by_a_script_that_can_be_restored()
    {
        var rows = await _trial.ContentsAsync();

        var rollback = await WithoutClientToolsAsync("rollback", "--yes");
        Assert.Equal((0, ""), (rollback.ExitCode, rollback.Error));
        Assert.Contains("as a SQL script, since there is no pg_dump for PostgreSQL", rollback.Output, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(_trial.Folder.Path, "*-auto.sql.gz"));
        Assert.Contains($"bring it back with: restore {Path.GetFileName(file)}", rollback.Output, StringComparison.Ordinal);

        var list = await WithoutClientToolsAsync("backups");
        Assert.Contains(Path.GetFileName(file), list.Output, StringComparison.Ordinal);
        var verify = await WithoutClientToolsAsync("verify-backup", Path.GetFileName(file));
        Assert.Equal((0, ""), (verify.ExitCode, verify.Error));
        var restore = await WithoutClientToolsAsync("restore", Path.GetFileName(file));
        Assert.Equal((0, ""), (restore.ExitCode, restore.Error));
        Assert.Equal(rows, await _trial.ContentsAsync());
    }

    // Nothing is installed in the usual folders as this worker sees them, and what remains on the PATH is at most Debian's wrapper.
    private async Task<Testing.ProcessResult> WithoutClientToolsAsync(params string[] arguments)
    {
        var worker = Worker.Describe(_trial.ConnectionString, arguments);
        var start = Testing.Cli.Command(
            "unshare",
            ["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /usr/lib/postgresql; exec \"$@\"",
             "sh", worker.FileName, .. worker.ArgumentList]);
        start.Environment["ConnectionStrings__moviedb"] = _trial.ConnectionString;
        start.Environment["Backup__Folder"] = _trial.Folder.Path;
        start.Environment["PATH"] = string.Join(
            ':', start.Environment["PATH"]!.Split(':').Where(folder => !folder.Contains("postgres", StringComparison.Ordinal)));
        return await start.RunAsync();
    }

    private async Task<IReadOnlyList<SchemaObject>> SchemaAsync()
    {
        await using var connection = await ServerConnection.OpenAsync(_trial.Target, _trial.Target.Database!, CancellationToken.None);
        return await SchemaCatalog.ReadAsync(connection);
    }

    private Task<string?> IdsAsync() => _trial.ScalarAsync<string>(
        "SELECT string_agg(format('%s %s', sequencename, last_value), ', ' ORDER BY sequencename) FROM pg_sequences WHERE schemaname = "
            + "'public'");
}
