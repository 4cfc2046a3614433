using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>
/// A transaction that has a lock on a table, unless told otherwise that of a writer, so that a bulk load stops right before that table.
/// </summary>
internal sealed class TableInUse : IAsyncDisposable
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
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN {mode} MODE", connection);
        await command.ExecuteNonQueryAsync();
        return new TableInUse(connection, table);
    }

    public async Task<bool> IsWaitedForAsync()
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_locks WHERE relation = '{_table}'::regclass AND NOT granted)", _connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
