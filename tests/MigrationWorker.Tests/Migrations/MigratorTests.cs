using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>Migrations that this project does not have yet.</summary>
public sealed class MigratorTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SeededDatabase.CreateSmallAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Index_is_built_concurrently_also_over_what_an_interrupted_build_left()
    {
        await Sql.ExecuteAsync(_database.ConnectionString, "CREATE INDEX ix_new ON movies (director)");
        await Sql.ExecuteAsync(_database.ConnectionString, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_new'::regclass");

        await RunAsync(
            Migration("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_new ON movies (title)", "DROP INDEX CONCURRENTLY IF EXISTS ix_new"));

        Assert.EndsWith(
            "(title)", await Sql.ScalarAsync<string>(
                _database.ConnectionString, "SELECT pg_get_indexdef('ix_new'::regclass)"), StringComparison.Ordinal);
        Assert.True(
            await Sql.ScalarAsync<bool>(
                _database.ConnectionString, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_new'::regclass"));
        Assert.Equal(1, await RecordsAsync());

        await RunAsync(Migration("", "DROP INDEX CONCURRENTLY IF EXISTS ix_new") with { IsUp = false });
        Assert.Equal(0, await RecordsAsync());
    }

    [Fact]
    public async Task Failed_concurrent_build_says_that_it_was_not_rolled_back_and_continues_at_the_next_run()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            "INSERT INTO movies (title, release_date, director) VALUES ('One', '2001-01-01', 'Twice'), ('Two', '2002-02-02', 'Twice')");
        var unique = Migration("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix_new ON movies (director) WHERE director = 'Twice'", "");

        var failed = await Assert.ThrowsAsync<UserErrorException>(() => RunAsync(unique));

        Assert.Contains("stopped part-way", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RecordsAsync());
        await Sql.ExecuteAsync(_database.ConnectionString, "DELETE FROM movies WHERE director = 'Twice' AND title = 'Two'");
        await RunAsync(unique);
        Assert.True(
            await Sql.ScalarAsync<bool>(
                _database.ConnectionString, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_new'::regclass"));
    }

    [Fact]
    public async Task Table_that_others_use_is_not_waited_for_without_end()
    {
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("SELECT count(*) FROM movies");

        var refused = await Assert.ThrowsAsync<UserErrorException>(
            () => RunAsync(Migration("ALTER TABLE movies ADD tagline text", ""), "--lock-timeout", "0.2"));

        Assert.Contains("did not get its locks within 0.2 s", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RecordsAsync());
    }

    [Theory]
    [InlineData("ALTER TABLE movies DROP COLUMN director", "movies.director")]
    [InlineData("ALTER TABLE movies DROP director", "movies.director")]
    [InlineData("ALTER TABLE movies DROP COLUMN director, DROP COLUMN IF EXISTS distributor", "movies.director movies.distributor")]
    [InlineData("ALTER TABLE IF EXISTS ONLY movies ADD COLUMN x text,\n  DROP distributor CASCADE", "movies.distributor")]
    [InlineData("ALTER TABLE movies DROP CONSTRAINT IF EXISTS c, DROP COLUMN \"director\"", "movies.\"director\"")]
    [InlineData("ALTER TABLE movies DROP COLUMN never_there", "")]
    [InlineData("ALTER TABLE movies ALTER COLUMN director DROP NOT NULL, ALTER director DROP DEFAULT", "")]
    [InlineData("DROP TABLE favorites", "favorites")]
    [InlineData("DROP TABLE IF EXISTS never_there, favorites , ratings CASCADE", "favorites ratings")]
    [InlineData("TRUNCATE TABLE ONLY favorites, ratings", "favorites ratings")]
    [InlineData("DELETE FROM favorites", "favorites")]
    [InlineData("DELETE FROM genres WHERE id = 1", "")]
    [InlineData("DROP TABLE \"__EFMigrationsHistory\", applied_migrations, applied_seeds", "")]
    [InlineData("DROP TABLE cache_evictions", "")]
    [InlineData("CREATE TABLE fresh (id bigint); DROP TABLE fresh", "")]
    public async Task Everything_that_would_go_with_its_values_is_counted(string sql, string lost)
    {
        await using var connection = await OpenAsync();
        var losses = await DataLoss.FindAsync(connection, [Migration(sql, "")], default);
        Assert.Equal(lost, string.Join(' ', losses.Select(loss => loss.What)));
        Assert.All(losses, loss => Assert.True(loss.Rows > 0));
    }

    [Fact]
    public async Task Dropped_column_counts_only_rows_that_hold_a_value()
    {
        await using var connection = await OpenAsync();
        var losses = await DataLoss.FindAsync(connection, [Migration("ALTER TABLE movies DROP COLUMN director", "")], default);
        Assert.Equal(
            await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(director) FROM movies"), Assert.Single(losses).Rows);
    }

    private static MigrationStep Migration(string up, string down) => new(
        new MigrationScript(
            "29990101000000_Test",
            $"{up}; INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Test', '1')",
            $"{down}; DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '29990101000000_Test'"),
        IsUp: true);

    private async Task RunAsync(MigrationStep step, params string[] options)
    {
        var arguments = WorkerCommandLine.Create().Parse(["up", "--connection", _database.ConnectionString, .. options]);
        await using var context = await CommandContext.StartAsync("test", arguments, default);
        await using var connection = await OpenAsync();
        await new Migrator(context, connection).RunAsync([step], default);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<long> RecordsAsync() => await Sql.ScalarAsync<long>(
        _database.ConnectionString,
        """
        SELECT count(*) FROM applied_migrations JOIN "__EFMigrationsHistory" ON "MigrationId" = migration_id WHERE migration_id LIKE '%Test'
        """);
}
