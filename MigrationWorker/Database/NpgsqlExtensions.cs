using System.Runtime.CompilerServices;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Runs SQL in one line. Parameters are positional ($1, …) and go with a single statement; without any, a script may hold several.
/// </summary>
internal static class NpgsqlExtensions
{
    private static readonly NpgsqlCommandBuilder Identifiers = new();

    /// <summary>Runs statements and returns the number of rows that they wrote.</summary>
    public static async Task<long> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Create(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Returns the first column of the first row, or the type's default if there is no row or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Create(connection, sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Returns the first column of all rows.</summary>
    public static ValueTask<List<T>> ListAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters) =>
        connection.QueryAsync(sql, row => row.GetFieldValue<T>(0), cancellationToken, parameters).ToListAsync(cancellationToken);

    /// <summary>Streams the rows.</summary>
    public static async IAsyncEnumerable<T> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Create(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return read(reader);
        }
    }

    /// <summary>Drops a database, if it is there, and ends the sessions on it.</summary>
    public static async Task DropDatabaseAsync(this NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        const int Attempts = 3;
        var drop = $"DROP DATABASE IF EXISTS {name.QuoteIdentifier()}";
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await connection.ExecuteAsync($"{drop} WITH (FORCE)", cancellationToken);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ObjectInUse)
            {
                // FORCE refuses an owner who is no superuser where autovacuum is at work, which a plain DROP ends.
                await connection.ExecuteAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user",
                    cancellationToken, name);
            }

            try
            {
                await connection.ExecuteAsync(drop, cancellationToken);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && attempt < Attempts)
            {
                // The server has waited five seconds for the sessions to end, which is not always enough where it is busy.
            }
        }
    }

    /// <summary>A name as SQL writes it, in double quotes.</summary>
    public static string QuoteIdentifier(this string name) => Identifiers.QuoteIdentifier(name);

    private static NpgsqlCommand Create(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
