using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Drops the indexes and foreign keys of an empty table while it is filled, and restores them afterwards. All in the caller's transaction:
/// nobody else sees the table without them.
/// </summary>
internal sealed class DeferredIndexes
{
    // Keeps the indexes that foreign keys of other tables need. Constraints are dropped before indexes, and restored after them.
    private const string Objects = """
        SELECT 2 AS rank, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c
        WHERE c.conrelid = $1::regclass
            AND (c.contype = 'f'
                OR (c.contype IN ('p', 'u') AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)))
        UNION ALL
        SELECT 1, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        FROM pg_index i
        WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        ORDER BY rank
        """;

    private readonly List<string> _restore;

    private DeferredIndexes(List<string> restore) => _restore = restore;

    public static async Task<DeferredIndexes> DropAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        var objects = await connection
            .QueryAsync(Objects, row => (Drop: row.GetString(1), Restore: row.GetString(2)), cancellationToken, table)
            .ToListAsync(cancellationToken);
        foreach (var (drop, _) in Enumerable.Reverse(objects))
        {
            await connection.ExecuteAsync(drop, cancellationToken);
        }

        return new DeferredIndexes([.. objects.Select(pair => pair.Restore)]);
    }

    /// <exception cref="PostgresException">The rows break one of the constraints.</exception>
    public async Task RestoreAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var restore in _restore)
        {
            await connection.ExecuteAsync(restore, cancellationToken);
        }
    }
}
