using System.Globalization;
using MovieAspire.LocalPostgres;
using Npgsql;

namespace MovieAspire.Testing;

/// <summary>
/// The PostgreSQL that a test run uses: the one that <c>MOVIEASPIRE_TEST_POSTGRES</c> names (a connection string
/// of a superuser), otherwise a throw-away cluster of this process. The variable may also be a major version, such as 17:
/// then every cluster is of that version, which npm brings where the machine has none; otherwise of the machine's newest.
/// </summary>
/// <remarks>It promises no durability (<c>synchronous_commit=off</c>): tests of crashes start a server of their own.</remarks>
public static class PostgresServer
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("MOVIEASPIRE_TEST_POSTGRES");
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Connection string of the server's superuser, for its database <c>postgres</c>.</summary>
    /// <exception cref="InvalidOperationException">There is neither a server nor PostgreSQL 15 or newer on this machine.</exception>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        if (!string.IsNullOrEmpty(Chosen) && Major(Chosen) is null)
        {
            return Chosen;
        }

        var cluster = await ThrowAwayCluster.StartAsync("synchronous_commit=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster.ConnectionString;
    }

    /// <summary>The programs of the clusters that tests start.</summary>
    /// <exception cref="InvalidOperationException">There are none of the version that was chosen, and npm does not bring them.</exception>
    public static Task<PostgresInstallation> FindInstallationAsync() => FindInstallationAsync(Chosen);

    internal static async Task<PostgresInstallation> FindInstallationAsync(string? chosen)
    {
        if (Major(chosen) is not { } major)
        {
            return await PostgresInstallation.FindAsync();
        }

        if ((await PostgresInstallation.FindAllAsync()).FirstOrDefault(found => found.Major == major) is { } installed)
        {
            return installed;
        }

        var (embedded, problem) = await EmbeddedPostgres.InstallAsync(EmbeddedPostgres.DefaultCache, major: major);
        return embedded ?? throw new InvalidOperationException($"There is no PostgreSQL {major} on this machine, and {problem}.");
    }

    private static int? Major(string? chosen) =>
        int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;

    /// <summary>Runs one statement on the server's database <c>postgres</c>.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync());
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }
}
