using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Backups;

public sealed class RestoreTests : IAsyncLifetime
{
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.SeededAsync();

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [Fact]
    public async Task Restore_brings_all_back_and_keeps_what_it_replaced()
    {
        var before = await _trial.ContentsAsync();
        var backup = await _trial.BackupAsync();
        Assert.Equal(before, backup.Manifest.Tables);
        await _trial.ExecuteAsync("DELETE FROM movies WHERE id % 2 = 0; CREATE TABLE newer AS SELECT 1 AS one");
        var changed = await _trial.ContentsAsync();

        var replaced = await _trial.RestoreAsync(backup);

        Assert.Equal(before, await _trial.ContentsAsync());
        Assert.Equal(changed, await _trial.ContentsAsync(replaced));
        Assert.Equal(0, await _trial.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
    }

    [Fact]
    public async Task Restore_that_gets_no_connection_to_its_new_database_drops_it()
    {
        var backup = await _trial.BackupAsync();
        var role = $"movieaspire_test_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'x' CONNECTION LIMIT 2 IN ROLE {DatabaseOwner.Role}");
        await using var limited = BackupTrial.On(
            new NpgsqlConnectionStringBuilder(_trial.ConnectionString) { Username = role, Password = "x" }.ConnectionString);
        var error = await Assert.ThrowsAsync<PostgresException>(() => limited.RestoreAsync(backup));
        Assert.Equal(PostgresErrorCodes.TooManyConnections, error.SqlState);
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
        await PostgresServer.ExecuteAsync($"DROP ROLE {role}");
    }

    [RequiresFact(Tool.Unix)]
    public async Task Newer_programs_restore_on_a_server_that_does_not_speak_english()
    {
        const int FirstWithSetting = 17;
        await using var connection = await ServerConnection.OpenMaintenanceAsync(_trial.Target, CancellationToken.None);
        var major = connection.PostgreSqlVersion.Major;
        if (major >= FirstWithSetting)
        {
            return;
        }

        var real = await new ClientToolsFinder().FindAsync(connection, major, CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("movieaspire-tools-");
        try
        {
            foreach (var program in new[] { ClientTools.Dump, ClientTools.Restore })
            {
                ToolScript.Write(Path.Combine(folder.FullName, program), $"""
                    [ "$1" = --version ] && echo '{program} (PostgreSQL) {FirstWithSetting}.1' && exit
                    '{real.Place}/{program}' "$@" || exit
                    echo 'pg_restore: error: could not execute query: FEHLER:  unbekannter Konfigurationsparameter »transaction_timeout«' >&2
                    echo 'Command was: SET transaction_timeout = 0;' >&2
                    exit 1
                    """);
            }

            await using var shadow = await ShadowDatabase.CreateAsync(_trial.Target, ShadowDatabaseName.Verifying, CancellationToken.None);
            await new ArchiveLoader(NullLogger.Instance, new ClientToolsFinder([folder.FullName]), jobs: 2, keepOwners: true)
                .LoadAsync(await _trial.BackupAsync(), shadow, CancellationToken.None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Database_replaced_after_the_clock_was_set_back_is_the_last_one_all_the_same()
    {
        var before = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var earlier = ShadowDatabaseName.Create(_trial.Target.Database!, ShadowDatabaseName.Replaced, before);
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(_trial.Target, CancellationToken.None);
        await DatabaseProperties.CreateAsync(maintenance, earlier, CancellationToken.None);
        var replaced = await _trial.RestoreAsync(await _trial.BackupAsync());
        Assert.Equal(
            [replaced, earlier],
            (await ReplacedDatabase.ListAsync(maintenance, _trial.Target.Database!, CancellationToken.None)).Select(database => database.Name));
    }

    [Fact]
    public async Task Manifest_of_another_format_is_refused()
    {
        var backup = await _trial.BackupAsync();
        foreach (var format in new[] { 1, 3 })
        {
            await (backup with { Manifest = backup.Manifest with { Format = format } }).WriteManifestAsync(CancellationToken.None);
            var refused = await Assert.ThrowsAsync<UserErrorException>(() => Backup.ReadAsync(backup.Path, CancellationToken.None));
            Assert.Contains($"format {format}; this one reads 2", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Other_values_have_another_hash()
    {
        await _trial.ExecuteAsync("ALTER TABLE movies DISABLE TRIGGER USER; ALTER TABLE ratings DISABLE TRIGGER USER");
        foreach (var change in new[]
        {
            "UPDATE ratings SET value = value - 1 WHERE user_id = 1 AND value > 1",
            "UPDATE ratings SET created_at = created_at + interval '1 microsecond' WHERE user_id = 1",
            "UPDATE users SET display_name = (SELECT display_name FROM users u WHERE u.id = 3 - users.id) WHERE id IN (1, 2)",
            "UPDATE movies SET imdb_rating = NULL WHERE id = 1",
            "UPDATE movies SET director = upper(director) WHERE id < 200",
        })
        {
            var before = await _trial.ContentsAsync();
            await _trial.ExecuteAsync(change);
            Assert.True((await _trial.ContentsAsync()).Except(before).Count() == 1, change);
        }
    }

    [Fact]
    public async Task Restored_schema_is_no_drift()
    {
        await _trial.RestoreAsync(await _trial.BackupAsync());
        await using var connection = new NpgsqlConnection(_trial.Target.ConnectionString);
        await connection.OpenAsync();
        Assert.Equal(SchemaCatalog.ReadExpected(), await SchemaCatalog.ReadAsync(connection));
    }

    [Fact]
    public async Task Keys_go_on_where_they_were()
    {
        const string Insert = "INSERT INTO movies (title, release_date) VALUES ('Next', '2000-01-01') RETURNING id";
        var backup = await _trial.BackupAsync();
        var next = await _trial.ScalarAsync<long>(Insert);
        await _trial.RestoreAsync(backup);
        Assert.Equal(next, await _trial.ScalarAsync<long>(Insert));
    }

    [Fact]
    public async Task Settings_and_rights_of_the_database_stay()
    {
        var name = _trial.Target.Database!;
        await _trial.ExecuteAsync($"""
            ALTER DATABASE "{name}" SET search_path = public, "a b";
            ALTER DATABASE "{name}" SET default_transaction_read_only = on;
            REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC;
            COMMENT ON DATABASE "{name}" IS 'It''s ours';
            """);
        var before = await PropertiesAsync();
        await _trial.RestoreAsync(await _trial.BackupAsync());
        Assert.Equal(before, await PropertiesAsync());
        Assert.Contains("a b", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_under_load_holds_one_moment()
    {
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await _trial.ExecuteAsync(
                    $"INSERT INTO movies (title, release_date) VALUES ('Load {i}', '2000-01-01'); DELETE FROM ratings WHERE movie_id = "
                    + $"{i}");
            }
        });
        var backup = await _trial.BackupAsync();
        await enough.CancelAsync();
        await writing;

        Assert.NotEqual(backup.Manifest.Tables, await _trial.ContentsAsync());
        Assert.NotNull((await _trial.VerifyAsync(backup)).Manifest.VerifiedAt);
    }

    [Fact]
    public async Task Clients_that_keep_connecting_do_not_delay_the_swap()
    {
        var backup = await _trial.BackupAsync();
        await _trial.ExecuteAsync("DELETE FROM favorites");
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => KeepAskingAsync(enough.Token))).ToArray();
        await _trial.RestoreAsync(backup);
        await enough.CancelAsync();
        var answers = await Task.WhenAll(clients);

        var favorites = backup.Manifest.Tables.Single(table => table.Name == "favorites").Rows;
        Assert.All(answers.SelectMany(seen => seen), seen => Assert.True(seen == 0 || seen == favorites, $"{seen} favorites"));
        Assert.Contains(0, answers.SelectMany(seen => seen));
        Assert.Equal(favorites, await _trial.ScalarAsync<long>("SELECT count(*) FROM favorites"));
    }

    [Fact]
    public async Task Verifying_leaves_everything_as_it_was()
    {
        var backup = await _trial.BackupAsync();
        await _trial.ExecuteAsync("DELETE FROM favorites");
        var before = await _trial.ContentsAsync();
        var verified = await _trial.VerifyAsync(backup);
        Assert.Equal(before, await _trial.ContentsAsync());
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Verifying));
        Assert.Equal(
            verified.Manifest.VerifiedAt, Assert.Single(
                await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Manifest.VerifiedAt);
    }

    [Fact]
    public async Task Roles_that_are_missing_are_named_and_can_be_left_out()
    {
        var backup = await _trial.BackupAsync();
        var foreign = backup with { Manifest = backup.Manifest with { Roles = [.. backup.Manifest.Roles, "somebody_else"] } };
        var error = await Assert.ThrowsAsync<UserErrorException>(() => _trial.RestoreAsync(foreign));
        Assert.Contains("somebody_else", error.Message, StringComparison.Ordinal);
        Assert.Contains("--no-owner", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));

        await _trial.RestoreAsync(foreign, keepOwners: false);
        Assert.Equal(backup.Manifest.Tables, await _trial.ContentsAsync());
    }

    private async Task<HashSet<long>> KeepAskingAsync(CancellationToken enough)
    {
        var seen = new HashSet<long>();
        while (!enough.IsCancellationRequested)
        {
            try
            {
                seen.Add(await _trial.ScalarAsync<long>("SELECT count(*) FROM favorites"));
            }
            catch (NpgsqlException)
            {
                // Cut off by the swap; the next attempt meets the restored database.
            }
        }

        return seen;
    }

    private async Task<string> PropertiesAsync() => (await _trial.ScalarAsync<string>("""
        SELECT concat_ws(' | ', pg_get_userbyid(datdba), datcollate, datctype, shobj_description(pg_database.oid, 'pg_database'),
            (SELECT string_agg(privilege::text, ',' ORDER BY privilege::text) FROM aclexplode(datacl) AS privilege),
            (SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting WHERE setdatabase = pg_database.oid))
        FROM pg_database WHERE datname = current_database()
        """))!;
}
