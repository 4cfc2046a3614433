using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class RecreateCommandTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _database = await SeededDatabase.CreateAsync("none");
        _connectionString = await DatabaseOwner.TakeAsync(_database.ConnectionString);
        await Sql.ExecuteAsync(_database.ConnectionString, "INSERT INTO movies (title, release_date) VALUES ('Mine', '2001-02-03')");
    }

    public async Task DisposeAsync()
    {
        await RunAsync("restore", "prune", "--yes");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Recreate_replaces_the_live_database_which_can_be_brought_back()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            $"""
            CREATE SCHEMA mine;
            CREATE TABLE mine.notes ();
            GRANT USAGE ON SCHEMA public TO pg_monitor WITH GRANT OPTION;
            GRANT SELECT, INSERT ON ratings, mine.notes TO pg_monitor;
            GRANT SELECT (title) ON movies TO pg_monitor;
            GRANT USAGE ON SEQUENCE movies_id_seq TO pg_monitor;
            REVOKE EXECUTE ON FUNCTION wrong_aggregates() FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION wrong_aggregates() TO pg_monitor;
            ALTER DEFAULT PRIVILEGES FOR ROLE {DatabaseOwner.Role} IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;
            ALTER DEFAULT PRIVILEGES FOR ROLE {DatabaseOwner.Role} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
            """);
        var rights = await RightsAsync();

        await RunAsync("recreate", "--seed", "movies");
        Assert.Equal((1L, 0L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));
        Assert.Equal(rights, await RightsAsync());

        await RunAsync("restore", "undo");
        Assert.Equal((0L, 1L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));
    }

    [Fact]
    public async Task Killed_recreate_leaves_the_live_database_as_it_is_and_the_next_one_cleans_up()
    {
        using var killed = Worker.Start(_connectionString, "recreate");
        await Eventually.HoldsAsync(async () => await ShadowDatabasesAsync(ShadowDatabaseName.Restoring) == 1, "a database is being built");
        killed.Kill();
        await killed.WaitForExitAsync();
        Assert.Equal((0L, 1L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));

        await RunAsync("recreate", "--seed", "movies");
        Assert.Equal((1L, 0L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));
        Assert.Equal(0, await ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
        Assert.Equal(1, await ShadowDatabasesAsync(ShadowDatabaseName.Replaced));
    }

    // Of everything in the schema public, and of what will be made there.
    private async Task<string?> RightsAsync() => await Sql.ScalarAsync<string>(
        _database.ConnectionString,
        """
        SELECT string_agg(right_of, E'\n' ORDER BY right_of) FROM (
            SELECT format('%s %s %s', oid::regclass, acl.grantee, acl.privilege_type) FROM pg_class, aclexplode(relacl) AS acl
                WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner
            UNION ALL
            SELECT format('%s.%s %s %s', attrelid::regclass, attname, acl.grantee, acl.privilege_type)
                FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl) AS acl
                WHERE relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT format('%s %s %s', pg_proc.oid::regprocedure, acl.grantee, acl.privilege_type) FROM pg_proc, aclexplode(proacl) AS acl
                WHERE pronamespace = 'public'::regnamespace AND grantee <> proowner
                AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
            UNION ALL
            SELECT format('%s %s %s %s', nspname, acl.grantee, acl.privilege_type, acl.is_grantable)
                FROM pg_namespace, aclexplode(nspacl) AS acl WHERE nspname = 'public'
            UNION ALL
            SELECT format('%s %s %s', defaclobjtype, acl.grantee, acl.privilege_type) FROM pg_default_acl, aclexplode(defaclacl) AS acl)
        AS rights (right_of)
        """);

    private async Task RunAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_connectionString, arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private Task<long> MoviesAsync(string title) => CountAsync($"movies WHERE title = '{title}'");

    private async Task<long> ShadowDatabasesAsync(string purpose)
    {
        var names = await Sql.ScalarAsync<string[]>(
            _database.ConnectionString + ";Pooling=false", "SELECT array_agg(datname::text) FROM pg_database");
        return names!.LongCount(name => ShadowDatabaseName.Time(name, _database.Name, purpose) is not null);
    }

    // Without a pool, whose connections the swap ends.
    private Task<long> CountAsync(string rows) =>
        Sql.ScalarAsync<long>(_database.ConnectionString + ";Pooling=false", $"SELECT count(*) FROM {rows}");
}
