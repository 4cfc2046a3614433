using System.Runtime.CompilerServices;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Plain SQL in one line.</summary>
internal static class NpgsqlExtensions
{
    /// <summary>Runs statements and gives the number of rows that they wrote.</summary>
    public static async Task<long> RunAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives the first column of the first row; the type's default where there is none or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>
    /// Gives the present transaction memory to sort, join and index many rows with, and lets the server notice within seconds
    /// when this process dies in the middle of a long statement (where the server's system can tell).
    /// </summary>
    public static Task PrepareForBulkAsync(this NpgsqlConnection connection, CancellationToken cancellationToken) => connection.RunAsync(
        """
        SET LOCAL work_mem = '128MB';
        SET LOCAL maintenance_work_mem = '256MB';
        SELECT set_config('client_connection_check_interval', '2s', true) WHERE version() LIKE '%linux%'
        """,
        cancellationToken);

    /// <summary>Gives the rows one by one.</summary>
    public static async IAsyncEnumerable<T> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return read(reader);
        }
    }
}
