using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Databases and environments that are set up for other purposes.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    // As a role or a database may have them.
    private static readonly string[] Hostile =
    [
        "DateStyle = 'German, DMY'", "IntervalStyle = 'iso_8601'", "TimeZone = 'Asia/Tokyo'", "search_path = other",
        "statement_timeout = '200ms'", "lock_timeout = '1ms'", "idle_in_transaction_session_timeout = '1s'",
        "standard_conforming_strings = off", "quote_all_identifiers = on", "extra_float_digits = 0", "bytea_output = 'escape'",
        "array_nulls = off", "transform_null_equals = on", "default_transaction_isolation = 'serializable'",
    ];

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PGCLIENTENCODING"] = "LATIN1",
        ["PGOPTIONS"] = "-c search_path=other",
        ["PGTZ"] = "Asia/Tokyo",
        ["PGDATESTYLE"] = "German",
        ["PGHOSTADDR"] = "192.0.2.1",
        ["PGSERVICE"] = "none",
        ["PGDATABASE"] = "none",
        ["PGTARGETSESSIONATTRS"] = "standby",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-settings-");
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.EmptyAsync();

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _trial.DisposeAsync();
    }

    [Fact]
    public async Task Settings_of_role_database_and_environment_change_nothing()
    {
        var fixture = Path.Combine(_folder.FullName, "fixture.json");
        await _trial.ExecuteAsync($"CREATE SCHEMA {DatabaseOwner.Role}; CREATE TABLE {DatabaseOwner.Role}.movies (id bigint)");
        foreach (var setting in Hostile)
        {
            await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{_trial.Target.Database}" SET {setting}""");
        }

        await OkAsync("up");
        await OkAsync("verify");

        // The rest of the ratings is like these.
        await _trial.ExecuteAsync("SET search_path = public; SET statement_timeout = 0; DELETE FROM ratings WHERE user_id > 3");
        await OkAsync("dump", fixture);
        await OkAsync("load", fixture);
        await OkAsync("backup");
        var backup = Assert.Single(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Path;
        await OkAsync("restore", backup);
        await OkAsync("status", "--check");
        await OkAsync("rollback", "--yes");
        await OkAsync("up", "--seed", "none");
    }

    [Fact]
    public async Task Time_limit_that_ends_even_the_first_statement_is_lifted()
    {
        await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{_trial.Target.Database}" SET statement_timeout = '1ms'""");
        await InProcessAsync(0, "up", "--seed", "none");

        // It would end pg_dump only now and then.
        await using var connection = await ServerConnection.OpenAsync(_trial.Target, _trial.Target.Database!, CancellationToken.None);
        var program = ServerConnection.DescribeToPrograms(_trial.Target, connection);
        Assert.EndsWith(" -c statement_timeout=0", program.Options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extension_in_another_schema_is_named_before_anything_is_migrated()
    {
        await _trial.ExecuteAsync("CREATE SCHEMA extensions; CREATE EXTENSION unaccent SCHEMA extensions");
        var refused = await InProcessAsync(2, "up", "--seed", "none");
        Assert.EndsWith("run: ALTER EXTENSION unaccent SET SCHEMA public", refused.LastErrorLine, StringComparison.Ordinal);

        await Sql.ExecuteAsync(
            new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = _trial.Target.Database }
                .ConnectionString,
            "ALTER EXTENSION unaccent SET SCHEMA public");
        await InProcessAsync(0, "up", "--seed", "none");
    }

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("SQL_ASCII")]
    public async Task Encoding_without_all_characters_is_named_before_anything_is_migrated(string encoding)
    {
        var name = _trial.Target.Database;
        await PostgresServer.ExecuteAsync($"""DROP DATABASE "{name}" """);
        await PostgresServer.ExecuteAsync(
            $"""CREATE DATABASE "{name}" TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C' OWNER {DatabaseOwner.Role}""");
        var refused = await InProcessAsync(2, "up");
        Assert.Contains($"has the encoding {encoding}", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(0, await _trial.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    private async Task OkAsync(params string[] arguments)
    {
        var result = await Worker.RunProcessAsync(
            _trial.ConnectionString,
            new Dictionary<string, string>(Environment) { ["Backup__Folder"] = _trial.Folder.Path },
            arguments);
        Assert.True(result.ExitCode == 0, $"{arguments[0]}: {result.Output}{result.Error}");
    }

    // In the environment of the tests.
    private async Task<ProcessResult> InProcessAsync(int exitCode, params string[] arguments)
    {
        var result = await Worker.RunAsync(_trial.ConnectionString, arguments);
        Assert.True(result.ExitCode == exitCode, $"{arguments[0]}: {result.Output}{result.Error}");
        return result;
    }
}
