using System.Globalization;
using MovieAspire.LocalPostgres;
using Npgsql;

namespace MovieAspire.Testing;

/// <summary>
/// The PostgreSQL server of a test run: the one in <c>MOVIEASPIRE_TEST_POSTGRES</c> (a connection string of a superuser), else a temporary
/// cluster of this process. If the variable is a major version, such as 17, all clusters have that version, from npm if the machine does
/// not have it; else they have the newest version of the machine.
/// </summary>
/// <remarks>Tests of crashes start their own server: this one is not durable, and writes no more log than it needs for itself.</remarks>
public static class PostgresServer
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("MOVIEASPIRE_TEST_POSTGRES");
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>The superuser's connection string for the database <c>postgres</c>.</summary>
    /// <exception cref="InvalidOperationException">No server is named, and the machine has no PostgreSQL 15 or newer.</exception>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        if (!string.IsNullOrEmpty(Chosen) && Major(Chosen) is null)
        {
            return Chosen;
        }

        // Databases here live for a second: vacuuming them, and compiling their queries, costs more than it saves.
        var cluster = await ThrowAwayCluster.StartAsync(
            "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off", "jit=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster.ConnectionString;
    }

    /// <summary>The installation that the clusters of tests use.</summary>
    /// <exception cref="InvalidOperationException">The chosen version is neither on the machine nor in npm.</exception>
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
