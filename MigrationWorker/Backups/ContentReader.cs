using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Counts and hashes the rows of all tables of a database.</summary>
internal static class ContentReader
{
    // The text form of values depends on these settings, and a timeout meant for requests must not end a long read.
    private const string Settings = """
        SELECT set_config(name, value, true)
        FROM (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('extra_float_digits', '1'),
            ('bytea_output', 'hex'), ('search_path', ''), ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
            ('transaction_timeout', '0')) AS wanted (name, value)
        WHERE current_setting(name, true) IS NOT NULL
        """;

    // The same content as pg_dump's: without tables of extensions and generated columns. Also without cache_evictions, whose rows are
    // needed for seconds only and are lost in a crash.
    private const string Tables = $"""
        SELECT nspname::text, relname::text, format(
            'SELECT count(*), coalesce(sum({RowHash.Row}), 0)::text FROM ONLY %I.%I',
            (SELECT string_agg({RowHash.Column}, ', ' ORDER BY attnum) FROM pg_attribute
                WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
            nspname, relname)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind = 'r' AND relpersistence <> 't' AND nspname <> 'information_schema' AND nspname !~ '^pg_'
            AND (nspname, relname) <> ('public', 'cache_evictions')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        ORDER BY pg_relation_size(pg_class.oid) DESC, nspname, relname
        """;

    /// <summary>Reads within the transaction that <paramref name="connection"/> is in.</summary>
    public static async Task<IReadOnlyList<TableContent>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var contents = new List<TableContent>();
        await connection.ExecuteAsync(Settings, cancellationToken);
        foreach (var (schema, name, query) in await TablesAsync(connection, cancellationToken))
        {
            contents.Add(await connection
                .QueryAsync(query, row => new TableContent(schema, name, row.GetInt64(0), row.GetString(1)), cancellationToken)
                .SingleAsync(cancellationToken));
        }

        return [.. contents.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal)];
    }

    /// <summary>The tables that a backup holds, the largest first.</summary>
    public static async Task<IEnumerable<(string Schema, string Name)>> ListTablesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await TablesAsync(connection, cancellationToken)).Select(table => (table.Schema, table.Name));

    private static ValueTask<List<(string Schema, string Name, string Query)>> TablesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection
            .QueryAsync(Tables, row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken)
            .ToListAsync(cancellationToken);
}

/// <summary>Hashes how the server describes the schema.</summary>
internal static class SchemaHash
{
    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static async Task<string> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(SchemaCatalog.Format(await SchemaCatalog.ReadAsync(connection, cancellationToken)))));
}

/// <summary>Row count and hash of a table.</summary>
/// <param name="Schema">The schema that it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Hash">
/// Sum over all rows of their <see cref="RowHash"/>, without generated columns, in decimal. Rows may stand in any order.
/// </param>
internal sealed record TableContent(string Schema, string Name, long Rows, string Hash)
{
    [JsonIgnore]
    public string FullName => Schema == "public" ? Name : $"{Schema}.{Name}";
}

/// <summary>Compares what a database holds with what a backup says that it holds.</summary>
internal static class ContentDifference
{
    /// <summary>One sentence for each table that differs; none where all are equal.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<TableContent> expected, IReadOnlyList<TableContent> actual)
    {
        var actuals = actual.ToDictionary(table => (table.Schema, table.Name));
        var known = expected.Select(table => (table.Schema, table.Name)).ToHashSet();
        return
        [
            .. expected.Select(table => Compare(table, actuals.GetValueOrDefault((table.Schema, table.Name)))).OfType<string>(),
            .. actual.Where(table => !known.Contains((table.Schema, table.Name))).Select(table => $"{table.FullName} is not in the backup"),
        ];
    }

    private static string? Compare(TableContent expected, TableContent? actual) => actual switch
    {
        null => $"{expected.FullName} is missing",
        _ when actual.Rows != expected.Rows => $"{expected.FullName} has {actual.Rows} rows instead of {expected.Rows}",
        _ when actual.Hash != expected.Hash => $"{expected.FullName} has other values in its {expected.Rows} rows",
        _ => null,
    };
}

/// <summary>
/// How a row becomes 64 bits. PostgreSQL keeps the functions as they are, because hash partitions rest on them; text is hashed by
/// collation "C", since by others its hash depends on the version of the server's libraries.
/// </summary>
internal static class RowHash
{
    /// <summary>SQL over pg_attribute that gives the SQL of a column.</summary>
    /// <remarks>Types of which different values may have one hash, such as 1.0 and 1.00, are hashed as text.</remarks>
    public const string Column = """
        quote_ident(attname) || CASE
            WHEN atttypid = ANY ('{smallint,integer,bigint,boolean,uuid,date,timestamptz,bytea}'::regtype[]) THEN ''
            ELSE '::text COLLATE "C"'
        END
        """;

    /// <summary>SQL of the hash, with %s in place of the list of columns.</summary>
    /// <remarks>
    /// The hash of a row alone is a sum over its columns, in whose sum over all rows values could change places; hence the outer hash.
    /// </remarks>
    public const string Row = "hashint8extended(hash_record_extended(ROW(%s), 0), 0)";
}
