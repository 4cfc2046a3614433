using System.Data;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
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
        return new DatabaseSnapshot(transaction, (await connection.ScalarAsync<string>("SELECT pg_export_snapshot()", cancellationToken))!);
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}

/// <summary>What has to be known of a database to bring it back elsewhere.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ServerVersion">The version of its server, such as <c>15.18</c>.</param>
/// <param name="Migration">The last migration that it had, or null where it had none.</param>
/// <param name="Roles">Who owns something in it or has rights on something in it.</param>
/// <param name="Bytes">Its size on the server, with indexes.</param>
internal sealed record DatabaseInfo(string Name, string ServerVersion, string? Migration, IReadOnlyList<string> Roles, long Bytes)
{
    // pg_shdepend does not list what belongs to the server's first superuser.
    private const string Query = """
        SELECT current_database()::text, current_setting('server_version'), pg_database_size(current_database()), ARRAY(
            SELECT rolname::text FROM pg_roles WHERE oid IN (
                SELECT refobjid FROM pg_shdepend
                WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND refclassid = 'pg_authid'::regclass AND deptype IN ('o', 'a')
                UNION
                SELECT relowner FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                WHERE nspname <> 'information_schema' AND nspname !~ '^pg_')
            ORDER BY 1)
        """;

    public static async Task<DatabaseInfo> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var migration = state.Applied.Count > 0 ? state.Applied[^1] : null;
        return await connection
            .QueryAsync(
                Query,
                row => new DatabaseInfo(
                    row.GetString(0), row.GetString(1).Split(' ')[0], migration, row.GetFieldValue<string[]>(3), row.GetInt64(2)),
                cancellationToken)
            .SingleAsync(cancellationToken);
    }
}
