using System.Text.Json;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class VerifyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SeededDatabase.CreateSmallAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Database_that_the_worker_built_passes_verify()
    {
        var result = await Worker.RunAsync(_database.ConnectionString, "verify");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("aggregates   exact", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP INDEX ix_movies_release_date_id", "index movies.ix_movies_release_date_id is missing")]
    [InlineData("CREATE INDEX ix_mine ON movies (budget)", "index movies.ix_mine is extra")]
    [InlineData("ALTER TABLE movies ALTER COLUMN distributor TYPE varchar(120)", "column movies.distributor is different")]
    [InlineData("ALTER TABLE reviews ALTER COLUMN helpful_count DROP DEFAULT", "column reviews.helpful_count is different")]
    [InlineData("ALTER TABLE users ALTER COLUMN display_name DROP NOT NULL", "column users.display_name is different")]
    [InlineData("ALTER TABLE movies ADD COLUMN mine text", "column movies.mine is extra")]
    [InlineData("ALTER TABLE movies DROP COLUMN imdb_votes", "column movies.imdb_votes is missing")]
    [InlineData("ALTER TABLE ratings DROP CONSTRAINT ck_ratings_value", "constraint ratings.ck_ratings_value is missing")]
    [InlineData("ALTER TABLE ratings DISABLE TRIGGER ratings_inserted", "trigger ratings.ratings_inserted is different")]
    [InlineData("DROP TRIGGER ratings_inserted ON ratings", "trigger ratings.ratings_inserted is missing")]
    [InlineData(
        "CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "function touch_row() is different")]
    [InlineData("ALTER COLLATION case_insensitive RENAME TO other", "collation case_insensitive is missing")]
    [InlineData("CREATE TABLE mine (id bigint)", "table mine is extra")]
    [InlineData("DROP TABLE idempotency_keys", "table idempotency_keys is missing")]
    public async Task Each_difference_comes_with_the_sql_that_fixes_it(string change, string expected)
    {
        await Sql.ExecuteAsync(_database.ConnectionString, change);
        var found = await RunAsync();
        Assert.Contains(expected, found.Drift.Select(drift => drift.Describe()));

        foreach (var drift in found.Drift)
        {
            await Sql.ExecuteAsync(_database.ConnectionString, drift.Fix);
        }

        Assert.Empty((await RunAsync()).Drift);
    }

    [Fact]
    public async Task Verify_finds_wrong_counts_changed_migrations_and_unchecked_constraints()
    {
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            """
            UPDATE movie_stats SET favorite_count = favorite_count + 1 WHERE movie_id = 1;
            UPDATE applied_migrations SET checksum = 'another';
            ALTER TABLE ratings DROP CONSTRAINT ck_ratings_value;
            ALTER TABLE ratings ADD CONSTRAINT ck_ratings_value CHECK (value BETWEEN 1 AND 10) NOT VALID;
            """);
        var result = await Worker.RunAsync(_database.ConnectionString, "verify", "--json");
        Assert.Equal(1, result.ExitCode);
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Contains("movie_stats.favorite_count of 1", json.GetProperty("aggregates")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("was changed after it was applied", json.GetProperty("migrations")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("VALIDATE CONSTRAINT ck_ratings_value", json.GetProperty("invalid")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP INDEX ix_movies_release_date_id", "index movies.ix_movies_release_date_id is missing")]
    [InlineData("DELETE FROM applied_migrations", "20261121210000_Initial was applied by another tool")]
    [InlineData(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_movies_release_date_id'::regclass",
        "index ix_movies_release_date_id is invalid")]
    public async Task Status_and_verify_agree_and_up_warns(string change, string expected)
    {
        await Sql.ExecuteAsync(_database.ConnectionString, change);
        Assert.Equal(1, (await Worker.RunAsync(_database.ConnectionString, "status", "--check")).ExitCode);
        Assert.Equal(1, (await Worker.RunAsync(_database.ConnectionString, "verify")).ExitCode);
        var up = await Worker.RunAsync(_database.ConnectionString, "up");
        Assert.Equal((0, "Up to date: nothing to do."), (up.ExitCode, up.Output.Trim()));
        Assert.StartsWith($"warning: The database is not what this build expects: {expected}", up.Error, StringComparison.Ordinal);
        Assert.Single(up.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Status_tells_what_is_pending_and_what_a_newer_build_did()
    {
        await using var empty = await TestDatabase.CreateAsync();
        var pending = await Worker.RunAsync(empty.ConnectionString, "status", "--check", "--json");
        Assert.Equal(1, pending.ExitCode);
        Assert.NotEmpty(JsonDocument.Parse(pending.Output).RootElement.GetProperty("pending").EnumerateArray());

        var current = await Worker.RunAsync(_database.ConnectionString, "status", "--check");
        Assert.Equal(0, current.ExitCode);
        Assert.Contains("Up to date.", current.Output, StringComparison.Ordinal);

        await Sql.ExecuteAsync(
            _database.ConnectionString, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Newer', '11.0.0')");
        var newer = await Worker.RunAsync(_database.ConnectionString, "status");
        Assert.Contains("unknown to this build 29991231000000_Newer", newer.Output, StringComparison.Ordinal);
    }

    private async Task<Verification> RunAsync()
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await Verification.RunAsync(connection, default);
    }
}
