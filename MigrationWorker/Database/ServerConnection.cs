using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Opens connections without a pool, because a pooled connection would keep its database from being renamed or dropped.</summary>
internal static class ServerConnection
{
    // Exists on every server, and applications do not use it.
    private const string MaintenanceDatabase = "postgres";

    // Resets settings that the role, the database or the environment may have changed: a timeout meant for requests must not end long work,
    // definitions must print the same everywhere, and migrations belong in the schema public. Older servers lack some of them.
    private const string Settings = """
        SELECT pg_catalog.set_config(name, value, false)
        FROM (VALUES ('lock_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
            ('transaction_timeout', '0'), ('search_path', 'public'), ('standard_conforming_strings', 'on'), ('DateStyle', 'ISO, MDY'),
            ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),
            ('quote_all_identifiers', 'off'), ('array_nulls', 'on'), ('transform_null_equals', 'off'), ('check_function_bodies', 'on'),
            ('default_transaction_isolation', 'read committed')) AS wanted (name, value)
        WHERE pg_catalog.current_setting(name, true) IS NOT NULL
        """;

    /// <summary>Connects to the database from which others are created, renamed and dropped.</summary>
    public static Task<NpgsqlConnection> OpenMaintenanceAsync(NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken) =>
        OpenAsync(target, MaintenanceDatabase, cancellationToken);

    /// <summary>How PostgreSQL's programs reach the server of a connection, with what it needed itself to be opened.</summary>
    public static NpgsqlConnectionStringBuilder DescribeToPrograms(NpgsqlConnectionStringBuilder target, NpgsqlConnection connection) =>
        new(target.ConnectionString)
        {
            Host = connection.Host!,
            Port = connection.Port,
            Options = new NpgsqlConnectionStringBuilder(connection.ConnectionString).Options,
        };

    /// <summary>Connects to a database of the server that <paramref name="target"/> names.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(
        NpgsqlConnectionStringBuilder target, string database, CancellationToken cancellationToken)
    {
        var options = new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            Database = database,
            Pooling = false,
            CommandTimeout = 0,
            ClientEncoding = "UTF8",
        };
        try
        {
            return await SetUpAsync(options, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            // A time limit so short that it ends what comes before it is lifted. Not sent at once, as poolers refuse such options.
            options.Options = $"{options.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS")} -c statement_timeout=0";
            return await SetUpAsync(options, cancellationToken);
        }
    }

    private static async Task<NpgsqlConnection> SetUpAsync(NpgsqlConnectionStringBuilder options, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(options, cancellationToken);
        try
        {
            await TransactionPooler.RefuseAsync(connection, options.ConnectionString, cancellationToken);

            // Sent first and separately, because the timeout could end the other statement.
            await connection.ExecuteAsync("SET statement_timeout = 0", cancellationToken);
            await connection.ExecuteAsync(Settings, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="UserErrorException">
    /// The connection string has a setting that no connection can have, or a certificate is missing or not accepted.
    /// </exception>
    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlConnectionStringBuilder options, CancellationToken cancellationToken)
    {
        try
        {
            var connection = new NpgsqlConnection(options.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidParameterValue)
        {
            throw new UserErrorException(
                $"{ErrorFormatter.FormatServer(e)} Correct Options and Timezone of the connection string, "
                + "or PGOPTIONS and PGTZ of the environment.",
                e);
        }
        catch (Exception e) when (e is not OperationCanceledException && TlsProblem.Explain(e, options) is { } reason)
        {
            throw new UserErrorException(reason, e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UserErrorException($"The connection string cannot be used; correct it: {e.Message}", e);
        }
    }
}
