using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>
/// Passes connection settings to PostgreSQL's programs in environment variables, because every user of the machine can read command lines.
/// </summary>
/// <remarks>PostgreSQL manual, 34.15 "Environment Variables".</remarks>
internal static class LibpqEnvironment
{
    public static Dictionary<string, string?> From(NpgsqlConnectionStringBuilder target)
    {
        var variables = new Dictionary<string, string?>
        {
            ["PGPORT"] = $"{target.Port}",
            ["PGAPPNAME"] = ApplicationName,
            ["PGSSLMODE"] = target.SslMode switch
            {
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
                var mode => mode.ToString().ToLowerInvariant(),
            },
            // Clear the user's own settings, which are for other servers and purposes.
            ["PGCLIENTENCODING"] = "UTF8",
            ["PGOPTIONS"] = target.Options,
            ["PGHOSTADDR"] = null,
            ["PGSERVICE"] = null,
            ["PGDATABASE"] = null,
            ["PGTARGETSESSIONATTRS"] = null,
            ["PGLOADBALANCEHOSTS"] = null,
            // Messages are parsed, so they must not be translated.
            ["LC_ALL"] = "C",
        };
        Add("PGHOST", target.Host);
        Add("PGUSER", target.Username);
        Add("PGPASSWORD", target.Password);
        Add("PGPASSFILE", target.Passfile);
        Add("PGSSLROOTCERT", target.RootCertificate);
        Add("PGSSLCERT", target.SslCertificate);
        Add("PGSSLKEY", target.SslKey);
        return variables;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                variables[name] = value;
            }
        }
    }

    /// <summary>The name under which the server lists the programs that this worker runs.</summary>
    public const string ApplicationName = "MovieAspire.MigrationWorker tool";
}
