using Npgsql;

namespace MovieAspire.Testing.Tests;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task A_template_is_built_once_and_its_copies_share_no_rows()
    {
        var built = 0;
        Task Build(string connectionString)
        {
            built++;
            return ExecuteAsync(connectionString, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
        }

        await using var one = await TestDatabase.CloneAsync("one", Build);
        await using var other = await TestDatabase.CloneAsync("one", Build);
        await ExecuteAsync(one.ConnectionString, "INSERT INTO t VALUES (2)");

        Assert.Equal(1, built);
        Assert.Equal(2L, await ExecuteAsync(one.ConnectionString, "SELECT count(*) FROM t"));
        Assert.Equal(1L, await ExecuteAsync(other.ConnectionString, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_disposed_cluster_leaves_no_folder_and_no_listener()
    {
        var cluster = await ThrowAwayCluster.StartAsync();
        Assert.True(Directory.Exists(cluster.Folder));

        cluster.Dispose();

        Assert.False(Directory.Exists(cluster.Folder));
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(cluster.ConnectionString, "SELECT 1"));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
