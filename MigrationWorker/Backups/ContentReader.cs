using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Counts and hashes the rows of all tables of a database.</summary>
internal static class ContentReader
{
    // Values as text depend on these, and a limit meant for requests must not end a long read.
    private const string Settings = """
        SELECT set_config(name, value, true)
        FROM (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('extra_float_digits', '1'),
            ('bytea_output', 'hex'), ('search_path', ''), ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
            ('transaction_timeout', '0')) AS wanted (name, value)
        JOIN pg_settings USING (name)
        """;

    // As pg_dump sees it: tables of extensions belong to the extension, and generated columns are computed anew.
    private static string Tables(RowHash hash) => $"""
        SELECT nspname::text, relname::text, format(
            'SELECT count(*), coalesce(sum({hash.Row}), 0)::text FROM ONLY %I.%I',
            (SELECT string_agg({hash.Column}, ', ' ORDER BY attnum) FROM pg_attribute
                WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
            nspname, relname)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind = 'r' AND relpersistence <> 't' AND nspname <> 'information_schema' AND nspname !~ '^pg_'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        ORDER BY pg_relation_size(pg_class.oid) DESC, nspname, relname
        """;

    /// <summary>Reads within the transaction that <paramref name="connection"/> is in, and hashes as manifests of a format do.</summary>
    public static async Task<IReadOnlyList<TableContent>> ReadAsync(NpgsqlConnection connection, int format, CancellationToken cancellationToken)
    {
        var contents = new List<TableContent>();
        await connection.RunAsync(Settings, cancellationToken);
        foreach (var (schema, name, query) in await TablesAsync(connection, RowHash.Of(format), cancellationToken))
        {
            await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            contents.Add(new TableContent(schema, name, reader.GetInt64(0), reader.GetString(1)));
        }

        return [.. contents.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal)];
    }

    /// <summary>The tables that a backup holds, the largest first.</summary>
    public static async Task<IEnumerable<(string Schema, string Name)>> ListTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await TablesAsync(connection, RowHash.Of(BackupManifest.CurrentFormat), cancellationToken)).Select(table => (table.Schema, table.Name));

    private static ValueTask<List<(string Schema, string Name, string Query)>> TablesAsync(
        NpgsqlConnection connection, RowHash hash, CancellationToken cancellationToken) =>
        connection.QueryAsync(Tables(hash), row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken).ToListAsync(cancellationToken);
}
