using Npgsql;

namespace MovieAspire.Testing;

/// <summary>
/// A transaction that holds a lock on a table, by default that of a writer, so that others wait before that table.
/// </summary>
public sealed class TableInUse : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _table;

    private TableInUse(NpgsqlConnection connection, string table)
    {
        _connection = connection;
        _table = table;
    }

    public static async Task<TableInUse> TakeAsync(string connectionString, string table, string mode = "ROW EXCLUSIVE")
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync($"BEGIN; LOCK TABLE {table} IN {mode} MODE");
        return new TableInUse(connection, table);
    }

    public async Task<bool> IsWaitedForAsync() => await CountWaitingAsync() > 0;

    /// <summary>The number of sessions that wait for the table. Filters by database: a table has the same OID in each copy of a template.</summary>
    public Task<long> CountWaitingAsync() => _connection.ScalarAsync<long>(
        $"""
        SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE datname = current_database() AND relation = '{_table}'::regclass AND NOT granted
        """);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
