using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class DropDatabaseTests
{
    [Fact]
    public async Task Owner_drops_a_database_that_autovacuum_and_a_session_are_at_work_on()
    {
        using var cluster = await ThrowAwayCluster.StartAsync("autovacuum_naptime=1");
        await Sql.ExecuteAsync(cluster.ConnectionString, "CREATE ROLE owner LOGIN CREATEDB PASSWORD 'owner'");
        await Sql.ExecuteAsync(cluster.ConnectionString, "CREATE DATABASE vacuumed OWNER owner");
        await Sql.ExecuteAsync(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = "vacuumed", Pooling = false }.ConnectionString,
            """
            CREATE TABLE slow (n int) WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
            INSERT INTO slow SELECT generate_series(1, 200000);
            DELETE FROM slow;
            """);
        await Eventually.HoldsAsync(
            async () => await CountAsync("pg_stat_activity WHERE datname = 'vacuumed' AND backend_type = 'autovacuum worker'") == 1,
            "autovacuum is at work");

        var target = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Username = "owner", Password = "owner", Pooling = false };
        await using var owner = new NpgsqlConnection(target.ConnectionString);
        await owner.OpenAsync();
        target.Database = "vacuumed";
        await using var session = new NpgsqlConnection(target.ConnectionString);
        await session.OpenAsync();
        await owner.DropDatabaseAsync("vacuumed", CancellationToken.None);

        Assert.Equal(0, await CountAsync("pg_database WHERE datname = 'vacuumed'"));

        Task<long> CountAsync(string rows) => Sql.ScalarAsync<long>(cluster.ConnectionString, $"SELECT count(*) FROM {rows}");
    }
}
