using System.Data.Common;
using Npgsql;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Npgsql's settings for every service with a context. Settings in the connection string take precedence. Behind a pooler in transaction
/// mode, set <c>Max Auto Prepare=0</c> there, because such a pooler does not keep prepared statements (docs/deployment.md). Measured in
/// docs/decisions/0008-data-access.md.
/// </summary>
public static class ConnectionDefaults
{
    private static readonly (string Keyword, object Value)[] Defaults =
    [
        // Repeated statements are parsed and planned once.
        ("Max Auto Prepare", 100),
        // No service leaves settings, locks or temporary tables behind in a session, so DISCARD ALL would only cost a round trip.
        ("No Reset On Close", true),
        // More connections would only compete for the server's cores. Eight are for imports and exports, which hold one for as long as their
        // clients take.
        ("Maximum Pool Size", 16),
    ];

    /// <summary>For a connection string with several servers: a primary and its standbys.</summary>
    private static readonly (string Keyword, object Value)[] SeveralHosts =
    [
        ("Target Session Attributes", "primary"),
        // In seconds: a promoted standby is found this soon.
        ("Host Recheck Seconds", 1),
    ];

    /// <summary>Adds the settings that the connection string lacks, under whatever alias.</summary>
    /// <exception cref="ArgumentException">The connection string has a setting that Npgsql does not know.</exception>
    public static string Apply(string connectionString)
    {
        // Npgsql's builder resolves aliases; its base class knows which settings are present.
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new DbConnectionStringBuilder { ConnectionString = given.ConnectionString };
        foreach (var (keyword, value) in given.Host?.Contains(',', StringComparison.Ordinal) == true ? [.. Defaults, .. SeveralHosts] : Defaults)
        {
            if (!settings.ContainsKey(keyword))
            {
                settings[keyword] = value;
            }
        }

        return settings.ConnectionString;
    }
}
