using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>The life of a database under the three roles that <c>deploy/roles.sql</c> makes: owner, application and observer.</summary>
public sealed class RolesTests : IAsyncLifetime
{
    private readonly string _suffix = $"{Guid.NewGuid():N}"[..12];
    private TestDatabase _database = null!;
    private BackupTrial _trial = null!;

    private string Owner => $"owner_{_suffix}";

    private string Application => $"application_{_suffix}";

    private string Observer => $"observer_{_suffix}";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _trial = BackupTrial.On(StringOf(Owner));
    }

    public async Task DisposeAsync()
    {
        foreach (var name in await ReplacedAsync())
        {
            await PostgresServer.ExecuteAsync($"""DROP DATABASE "{name}" WITH (FORCE)""");
        }

        await _database.DisposeAsync();
        await _trial.DisposeAsync();
        await PostgresServer.ExecuteAsync($"DROP ROLE IF EXISTS {Owner}, {Application}, {Observer}");
    }

    [RequiresFact(Tool.Psql)]
    public async Task Rights_follow_migrations_restores_swaps_and_starting_over()
    {
        await SetUpAsync();
        await OkWithRolesAsync("up", "--seed", "none");
        await CheckAsync();
        await OkAsync("rollback", "--steps", "4", "--yes");
        await OkWithRolesAsync("up", "--seed", "none");
        await CheckAsync();

        // Swaps bring the rights over also where no setting names the roles.
        await _trial.RestoreAsync(await _trial.BackupAsync(), keepOwners: false);
        await CheckAsync();
        await OkAsync("recreate", "--seed", "none");
        await CheckAsync();
        await OkAsync("restore", "undo");
        await CheckAsync();

        // Somebody else's doing is put right by the next up.
        await ExecuteAsync(
            $"GRANT TRUNCATE ON ratings TO {Application}; GRANT SELECT ON users TO {Observer}; REVOKE DELETE ON ratings FROM {Application}");
        var status = await RunWithRolesAsync(Owner, "status", "--check");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains($"right of {Application} to TRUNCATE on table ratings is extra", status.Output, StringComparison.Ordinal);
        await OkWithRolesAsync("up", "--seed", "none");
        await CheckAsync();
        await OkWithRolesAsync("status", "--check");

        // A monitor needs no more rights than the observer's.
        foreach (var role in new[] { Observer, Application })
        {
            await OkAsAsync(role, "status", "--check");
            await OkAsAsync(role, "verify");
            await OkAsAsync(role, "plan");
        }
    }

    [RequiresFact(Tool.Psql)]
    public async Task Database_that_a_superuser_made_goes_over_to_its_owner()
    {
        await Worker.RunAsync(_database.ConnectionString, "up", "--seed", "none");
        await ExecuteAsync("CREATE VIEW films AS SELECT title FROM movies; CREATE TYPE mood AS ENUM ('good')");
        await SetUpAsync();
        await SetUpAsync();
        Assert.Equal(
            0, await Sql.ScalarAsync<long>(
                _database.ConnectionString,
                """
                SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> $1::regrole
                    AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
                """,
                Owner));
        await ExecuteAsync("DROP VIEW films; DROP TYPE mood");
        await OkAsync("rollback", "--yes");
        await OkWithRolesAsync("up", "--seed", "none");
        await CheckAsync();
        await OkAsync("verify");
    }

    [Fact]
    public async Task Role_that_is_missing_is_named()
    {
        await using var database = await TestDatabase.AtSchemaAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var rights = new DatabaseRights(new RoleOptions { Application = "nobody_of_that_name" });
        var refused = await Assert.ThrowsAsync<UserErrorException>(() => rights.ApplyAsync(connection, CancellationToken.None));
        Assert.Equal(
            "There is no role nobody_of_that_name, which the settings Roles__… name. Create it with deploy/roles.sql.", refused.Message);
    }

    // By the roles themselves, each from its own connection.
    private async Task CheckAsync()
    {
        var application = StringOf(Application);
        await Sql.ExecuteAsync(
            application,
            """
            INSERT INTO movies (title, release_date) VALUES ('Of the application', '2002-02-02');
            UPDATE movies SET director = 'Somebody' WHERE title = 'Of the application';
            DELETE FROM movies WHERE title = 'Of the application';
            """);
        foreach (var forbidden in new[]
        {
            "TRUNCATE ratings", "CREATE TABLE mine ()", "CREATE TEMPORARY TABLE mine ()",
            "ALTER TABLE ratings DISABLE TRIGGER ALL", "DROP TABLE ratings",
            "DELETE FROM applied_migrations", "DELETE FROM applied_seeds", "DELETE FROM \"__EFMigrationsHistory\"",
            "SELECT setval('movies_id_seq', 1)", "CREATE SCHEMA mine", "CREATE ROLE mine",
        })
        {
            await RefusedAsync(application, forbidden);
        }

        var observer = StringOf(Observer);
        await Sql.ExecuteAsync(observer, "SELECT count(*) FROM movies, settled_movie_changes()");
        await Sql.ExecuteAsync(observer, "SELECT id, display_name, email FROM users");
        foreach (var forbidden in new[]
        {
            "SELECT password_hash FROM users", "SELECT security_stamp FROM users", "SELECT FROM user_tokens", "SELECT FROM data_protection_keys",
            "SELECT FROM outgoing_emails", "SELECT FROM idempotency_keys", "DELETE FROM movies", "INSERT INTO genres (name) VALUES ('x')",
        })
        {
            await RefusedAsync(observer, forbidden);
        }
    }

    private static async Task RefusedAsync(string connectionString, string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(connectionString, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task SetUpAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var script = Testing.Cli.Command(
            "psql", "--no-psqlrc", "--quiet", "--file=" + Repository.PathOf("deploy", "roles.sql"), $"--set=database={_database.Name}",
            $"--set=owner={Owner}", $"--set=application={Application}", $"--set=observer={Observer}",
            $"postgresql://{server.Username}:{server.Password}@{server.Host}:{server.Port}/postgres");
        script.Environment["owner_password"] = Owner;
        script.Environment["application_password"] = Application;
        script.Environment["observer_password"] = Observer;
        (await script.RunAsync()).EnsureSuccess("roles.sql");
    }

    private Task ExecuteAsync(string sql) => Sql.ExecuteAsync(_database.ConnectionString, sql);

    private async Task OkAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(StringOf(Owner), arguments);
        Assert.True(result.ExitCode == 0, $"{arguments[0]}: {result.Output}{result.Error}");
    }

    private Task OkWithRolesAsync(params string[] arguments) => OkAsAsync(Owner, arguments);

    private async Task OkAsAsync(string role, params string[] arguments)
    {
        var result = await RunWithRolesAsync(role, arguments);
        Assert.True(result.ExitCode == 0, $"{arguments[0]} as {role}: {result.Output}{result.Error}");
    }

    private Task<ProcessResult> RunWithRolesAsync(string role, params string[] arguments) => Worker.RunAsync(
        StringOf(role), new() { ["Roles__Application"] = Application, ["Roles__Observer"] = Observer }, arguments);

    private string StringOf(string role) =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = role, Pooling = false }.ConnectionString;

    private async Task<IEnumerable<string>> ReplacedAsync()
    {
        var names = await Sql.ScalarAsync<string[]>(_database.ConnectionString, "SELECT array_agg(datname::text) FROM pg_database");
        return names!.Where(name => ShadowDatabaseName.Time(name, _database.Name, ShadowDatabaseName.Replaced) is not null);
    }
}
