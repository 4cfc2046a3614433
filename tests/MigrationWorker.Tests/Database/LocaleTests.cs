using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Databases of every locale that CREATE DATABASE can make.</summary>
public sealed class LocaleTests
{
    // By the first version of PostgreSQL that knows them.
    private static readonly (int Since, string Clauses)[] Locales =
    [
        (15, "LOCALE 'C'"),
        (15, "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
        (15, "ENCODING 'SQL_ASCII' LOCALE 'C'"),
        (15, "ENCODING 'LATIN1' LOCALE 'C'"),
        (15, "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'"),
        (15, "LOCALE_PROVIDER icu ICU_LOCALE 'und-u-ks-level2' LC_COLLATE 'C' LC_CTYPE 'C'"),
        (15, "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' IS_TEMPLATE true CONNECTION LIMIT 7"),
        (16, "LOCALE_PROVIDER icu ICU_LOCALE 'und' ICU_RULES '&V << w <<< W'"),
        (16, "LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk' ICU_RULES '&''a'' < b'"),
        (17, "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"),
        (17, "LOCALE_PROVIDER builtin LOCALE 'C'"),
        (18, "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'"),
    ];

    [Fact]
    public async Task Database_like_another_has_its_locale_and_every_other_property()
    {
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(
            new(await PostgresServer.ConnectionStringAsync()), CancellationToken.None);
        foreach (var (_, clauses) in Locales.Where(locale => locale.Since <= maintenance.PostgreSqlVersion.Major))
        {
            var (model, copy) = ($"locale_{Guid.NewGuid():N}", $"locale_{Guid.NewGuid():N}");
            await PostgresServer.ExecuteAsync($"CREATE DATABASE {model} TEMPLATE template0 {clauses}");
            try
            {
                await DatabaseProperties.CreateLikeAsync(maintenance, model, copy, CancellationToken.None);
                Assert.Empty(await DatabaseProperties.CopyRestAsync(maintenance, model, copy, CancellationToken.None));
                Assert.Equal((clauses, await PropertiesAsync(model)), (clauses, await PropertiesAsync(copy)));
            }
            finally
            {
                await DropAsync(maintenance, model);
                await DropAsync(maintenance, copy);
            }
        }
    }

    [Fact]
    public async Task Database_with_a_locale_of_icu_is_backed_up_verified_restored_and_recreated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await PostgresServer.ExecuteAsync($"""DROP DATABASE "{database.Name}" """);
        await PostgresServer.ExecuteAsync(
            $"""CREATE DATABASE "{database.Name}" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' ENCODING 'UTF8'""");
        await using var trial = BackupTrial.On(await DatabaseOwner.TakeAsync(database.ConnectionString));
        var before = await PropertiesAsync(database.Name);
        await OkAsync(trial, "up", "--seed", "none");
        var backup = await trial.BackupAsync();

        await OkAsync(trial, "verify-backup", backup.Path);
        await OkAsync(trial, "restore", backup.Path);
        Assert.Equal(before, await PropertiesAsync(database.Name));
        await OkAsync(trial, "recreate", "--seed", "none");
        Assert.Equal(before, await PropertiesAsync(database.Name));
        await OkAsync(trial, "status", "--check");
        await OkAsync(trial, "restore", "prune", "--yes");
    }

    private static async Task OkAsync(BackupTrial trial, params string[] arguments)
    {
        var result = await Worker.RunAsync(trial.ConnectionString, arguments);
        Assert.True(result.ExitCode == 0, $"{arguments[0]}: {result.Output}{result.Error}");
    }

    private static async Task DropAsync(NpgsqlConnection maintenance, string database)
    {
        if (await PropertiesAsync(database) is not null)
        {
            await new ReplacedDatabase(database, default, 0).DropAsync(maintenance, CancellationToken.None);
        }
    }

    // All columns, whichever this version has, but for those that tell one database from another.
    private static async Task<string?> PropertiesAsync(string database) => await Sql.ScalarAsync<string>(
        await PostgresServer.ConnectionStringAsync(),
        "SELECT (to_jsonb(d) - '{oid,datname,datfrozenxid,datminmxid}'::text[])::text FROM pg_database AS d WHERE datname = $1",
        database);
}
