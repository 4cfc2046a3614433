using System.Data;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>One state of a database, which this connection and <c>pg_dump</c> both see, whatever others write meanwhile.</summary>
/// <remarks>PostgreSQL manual, 9.27.5 "Snapshot Synchronization Functions".</remarks>
internal sealed class DatabaseSnapshot : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private DatabaseSnapshot(NpgsqlTransaction transaction, string id)
    {
        _transaction = transaction;
        Id = id;
    }

    /// <summary>The name under which others join it, as long as it is open.</summary>
    public string Id { get; }

    public static async Task<DatabaseSnapshot> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_export_snapshot()", connection, transaction);
        return new DatabaseSnapshot(transaction, (string)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
