using System.Security.Authentication;
using System.Security.Cryptography;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Says why a connection could not be encrypted, and which setting to correct: .NET's own words name neither.</summary>
internal static class TlsProblem
{
    // The driver's words where the server has no TLS; it throws no exception of its own for that.
    private const string NotOffered = "No SSL enabled connection from this host is configured";

    /// <summary>The reason in one line, or null for an exception of another kind.</summary>
    public static string? Explain(Exception exception, NpgsqlConnectionStringBuilder options)
    {
        if (exception is NpgsqlException && exception.Message.Contains(NotOffered, StringComparison.Ordinal))
        {
            return $"PostgreSQL at {options.Host}:{options.Port} offers no encryption, which SSL Mode={options.SslMode} demands. "
                + "Turn ssl on at the server, or write SSL Mode=Prefer in the connection string.";
        }

        if (!IsOfTls(exception) && !IsOfTls(exception.InnerException))
        {
            return null;
        }

        return Unreadable("Root Certificate", options.RootCertificate, "PGSSLROOTCERT")
            ?? Unreadable("SSL Certificate", options.SslCertificate, "PGSSLCERT")
            ?? Unreadable("SSL Key", options.SslKey, "PGSSLKEY")
            ?? $"The connection to {options.Host}:{options.Port} could not be encrypted with SSL Mode={options.SslMode}: "
                + $"{(exception.InnerException ?? exception).Message.TrimEnd('.')}. Check that Root Certificate holds the certificate (PEM) "
                + "of whoever signed the server's, that the server's is for this host, and that SSL Certificate and SSL Key belong together.";
    }

    // A file that cannot be opened ends in one of the last three.
    private static bool IsOfTls(Exception? exception) => exception is
        AuthenticationException or CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;

    private static string? Unreadable(string setting, string? inConnectionString, string variable)
    {
        var path = string.IsNullOrEmpty(inConnectionString) ? Environment.GetEnvironmentVariable(variable) : inConnectionString;
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            File.OpenRead(path).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var where = string.IsNullOrEmpty(inConnectionString) ? variable : $"{setting} of the connection string";
            return $"{where}: {ErrorFormatter.Format(e)}";
        }
    }
}
