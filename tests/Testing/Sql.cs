using Npgsql;

namespace MovieAspire.Testing;

/// <summary>Short ways to ask a database. Connections are not pooled, so that none keeps a database from being copied or dropped.</summary>
public static class Sql
{
    /// <summary>Runs SQL with positional parameters ($1, …) and gives the first value; null is the default value.</summary>
    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Runs SQL with positional parameters ($1, …).</summary>
    public static Task ExecuteAsync(string connectionString, string sql, params object[] parameters) =>
        ScalarAsync<object>(connectionString, sql, parameters);
}
