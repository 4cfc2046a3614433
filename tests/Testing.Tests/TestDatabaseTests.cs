using Npgsql;

namespace MovieAspire.Testing.Tests;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task Template_is_built_once_and_its_copies_share_no_rows()
    {
        var built = 0;
        Task Build(string connectionString)
        {
            built++;
            return Sql.ExecuteAsync(connectionString, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
        }

        await using var one = await TestDatabase.CloneAsync("one", Build);
        await using var other = await TestDatabase.CloneAsync("one", Build);
        await Sql.ExecuteAsync(one.ConnectionString, "INSERT INTO t VALUES (2)");

        Assert.Equal(1, built);
        Assert.Equal(2, await Sql.ScalarAsync<long>(one.ConnectionString, "SELECT count(*) FROM t"));
        Assert.Equal(1, await Sql.ScalarAsync<long>(other.ConnectionString, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Disposed_cluster_leaves_no_folder_and_no_listener()
    {
        var cluster = await ThrowAwayCluster.StartAsync();
        Assert.True(Directory.Exists(cluster.Folder));

        cluster.Dispose();

        Assert.False(Directory.Exists(cluster.Folder));
        await Assert.ThrowsAsync<NpgsqlException>(() => Sql.ExecuteAsync(cluster.ConnectionString, "SELECT 1"));
    }
}
