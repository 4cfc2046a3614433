using Npgsql;

namespace MovieAspire.Testing;

/// <summary>
/// The PostgreSQL that a test run uses: the one that <c>MOVIEASPIRE_TEST_POSTGRES</c> names (a connection string
/// of a superuser), otherwise a throw-away cluster of this process, made from the machine's own binaries.
/// </summary>
/// <remarks>It promises no durability (<c>synchronous_commit=off</c>): tests of crashes start a server of their own.</remarks>
public static class PostgresServer
{
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Connection string of the server's superuser, for its database <c>postgres</c>.</summary>
    /// <exception cref="InvalidOperationException">There is neither a server nor PostgreSQL 15 or newer on this machine.</exception>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("MOVIEASPIRE_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return given;
        }

        var cluster = await ThrowAwayCluster.StartAsync("synchronous_commit=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster.ConnectionString;
    }

    /// <summary>Runs one statement on the server's database <c>postgres</c>.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
