using System.Data.Common;
using Npgsql;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Npgsql's settings for every service with a context, however it is started; what the connection string says wins. Behind a pooler
/// that gives a connection to another client after each transaction, set <c>Max Auto Prepare=0</c> there: it does not keep prepared
/// statements (docs/deployment.md). What the settings are worth: docs/decisions/0008-data-access.md.
/// </summary>
public static class ConnectionDefaults
{
    private static readonly (string Keyword, object Value)[] Defaults =
    [
        // Statements that come again are planned once.
        ("Max Auto Prepare", 100),
        // No service leaves settings, locks or temporary tables in a session, so there is nothing to reset (DISCARD ALL).
        ("No Reset On Close", true),
        // More only take turns on the server's cores. Eight are for imports and exports, which keep theirs as long as their clients take.
        ("Maximum Pool Size", 16),
    ];

    /// <summary>Where the connection string names several servers, which are one that is written to and its standbys.</summary>
    private static readonly (string Keyword, object Value)[] SeveralHosts =
    [
        ("Target Session Attributes", "primary"),
        // In seconds: how soon a standby that has taken over is found.
        ("Host Recheck Seconds", 1),
    ];

    /// <summary>Adds the settings that the connection string does not have, under any of their names.</summary>
    /// <exception cref="ArgumentException">It has a setting that Npgsql does not know.</exception>
    public static string Apply(string connectionString)
    {
        // Npgsql's builder gives each setting its full name; the base class tells which are there.
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
