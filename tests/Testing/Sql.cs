using Npgsql;

namespace MovieAspire.Testing;

/// <summary>Runs SQL with positional parameters ($1, …).</summary>
public static class Sql
{
    /// <summary>Returns the first value; the default value for NULL and for no row.</summary>
    /// <remarks>
    /// Its connection is not pooled: a pooled one would keep a database from being copied or dropped. It does not read the database's own
    /// types either, which takes longer than most statements.
    /// </remarks>
    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql, params object?[] parameters)
    {
        await using var database = new NpgsqlDataSourceBuilder(connectionString + ";Pooling=false")
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ScalarAsync<T>(sql, parameters);
    }

    /// <inheritdoc cref="ScalarAsync{T}(string, string, object[])"/>
    public static Task ExecuteAsync(string connectionString, string sql, params object?[] parameters) =>
        ScalarAsync<object>(connectionString, sql, parameters);

    /// <summary>Returns the first value, read on a connection that is open; the default value for NULL and for no row.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Runs SQL on a connection that is open.</summary>
    public static Task ExecuteAsync(this NpgsqlConnection connection, string sql, params object?[] parameters) =>
        connection.ScalarAsync<object>(sql, parameters);
}
