using System.Data;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>
/// The worker's own backup format, for machines without a <c>pg_dump</c> of the server's version: a gzipped SQL script that fills an empty
/// database. psql can run it, too, like a script of <c>pg_dump --format=plain</c>. It contains no owners and no rights.
/// </summary>
internal static class SqlScript
{
    // The text form of values and definitions depends on these settings.
    private const string Settings = """
        SET search_path = public; SET check_function_bodies = false; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';
        SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'; SET statement_timeout = 0;
        """;

    // Refuse objects that SchemaCatalog does not describe: the script would lack them.
    private const string Unsupported = """
        WITH own AS (
            SELECT oid FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'),
            extensions AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
        SELECT format('relation %s', oid::regclass) FROM pg_class
        WHERE relnamespace IN (SELECT oid FROM own) AND (
                relkind IN ('v', 'm', 'f', 'p', 'c')
                OR relkind = 'r'
                    AND (relnamespace <> 'public'::regnamespace OR strpos(relname, '.') > 0 OR relhassubclass OR relrowsecurity)
                OR relkind = 'S' AND NOT EXISTS (
                    SELECT FROM pg_depend JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid AND attidentity <> ''
                    WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid))
            AND NOT EXISTS (SELECT FROM extensions WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid)
        UNION ALL
        SELECT format('type %s', oid::regtype) FROM pg_type
        WHERE typnamespace IN (SELECT oid FROM own) AND typtype IN ('d', 'e', 'r')
            AND NOT EXISTS (SELECT FROM extensions WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid)
        UNION ALL
        SELECT format('function %s', oid::regprocedure) FROM pg_proc
        WHERE pronamespace IN (SELECT oid FROM own) AND (prokind <> 'f' OR pronamespace <> 'public'::regnamespace)
            AND NOT EXISTS (SELECT FROM extensions WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)
        """;

    private const string Tables = """
        SELECT relname::text, array_agg(attname::text ORDER BY attnum),
            array_agg(attname::text ORDER BY attnum) FILTER (WHERE attgenerated = '')
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence <> 't'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        GROUP BY relname
        ORDER BY relname
        """;

    private const string Sequences = """
        SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), %s);', quote_ident(relname), attname, last_value)
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attidentity <> ''
        JOIN pg_sequences ON schemaname = 'public'
            AND format('public.%I', sequencename) = pg_get_serial_sequence(quote_ident(relname), attname)
        WHERE relnamespace = 'public'::regnamespace AND last_value IS NOT NULL
        ORDER BY 1
        """;

    // EF Core's own table, which SchemaCatalog excludes.
    private const string History = "__EFMigrationsHistory";
    private const string CreateHistory = $"""
        CREATE TABLE "{History}" ("MigrationId" character varying(150) NOT NULL, "ProductVersion" character varying(32) NOT NULL,
            CONSTRAINT "PK_{History}" PRIMARY KEY ("MigrationId"));
        """;

    private const string CopyStart = "COPY ";
    private const string CopyEnd = @"\.";

    /// <summary>Writes what a snapshot of a database holds into a file.</summary>
    /// <exception cref="UserErrorException">The database has objects that such a script cannot contain.</exception>
    public static async Task<WrittenArchive> WriteAsync(
        NpgsqlConnectionStringBuilder target, string snapshot, PendingFile file, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(target, target.Database!, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync($"SET TRANSACTION SNAPSHOT '{snapshot}'", cancellationToken);
        await connection.ExecuteAsync(Settings, cancellationToken);
        if (await connection.ListAsync<string>(Unsupported, cancellationToken) is { Count: > 0 } unsupported)
        {
            throw new UserErrorException(
                $"Only pg_dump can back up {string.Join(", ", unsupported)}. Install PostgreSQL's client programs.");
        }

        using var sha256 = SHA256.Create();
        await using (var hashed = new CryptoStream(file.Content, sha256, CryptoStreamMode.Write, leaveOpen: true))
        await using (var packed = new GZipStream(hashed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var script = new StreamWriter(packed, leaveOpen: true) { NewLine = "\n" })
        {
            await WriteAsync(connection, script, cancellationToken);
        }

        return new WrittenArchive(file.Content.Length, Convert.ToHexStringLower(sha256.Hash!));
    }

    /// <summary>Runs the script on an empty database.</summary>
    public static async Task RunAsync(string path, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var file = InputFile.Open(path);
        using var script = new StreamReader(file.Content, leaveOpen: true);
        var statements = new StringBuilder();
        while (await script.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(CopyStart, StringComparison.Ordinal) && line.EndsWith(';'))
            {
                await FlushAsync();
                await CopyAsync(connection, line[..^1], script, cancellationToken);
            }
            else
            {
                statements.Append(line).Append('\n');
            }
        }

        await FlushAsync();

        // Between the rows of two tables there is nothing to run.
        async Task FlushAsync()
        {
            if (statements.Length > 0)
            {
                await connection.ExecuteAsync(statements.ToString(), cancellationToken);
                statements.Clear();
            }
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, StreamWriter script, CancellationToken cancellationToken)
    {
        var schema = (await SchemaCatalog.ReadAsync(connection, cancellationToken)).ToLookup(part => part.Kind);
        var unlogged = schema["table"].Where(table => table.Definition == "UNLOGGED").Select(table => table.Name).ToHashSet();
        var columns = schema["column"].ToDictionary(column => column.Name, column => column.Definition);
        var tables = await connection
            .QueryAsync(
                Tables,
                row => (Name: row.GetString(0), All: row.GetFieldValue<string[]>(1), Stored: row.GetFieldValue<string[]>(2)),
                cancellationToken)
            .ToListAsync(cancellationToken);

        await script.WriteLineAsync(Settings);
        foreach (var part in schema["extension"].Concat(schema["collation"]).Concat(schema["function"]))
        {
            await script.WriteLineAsync(DriftRepair.CreateSql(part, []));
        }

        foreach (var (name, all, _) in tables)
        {
            var lines = all.Select(column => $"{column.QuoteIdentifier()} {columns.GetValueOrDefault($"{name}.{column}")}");
            await script.WriteLineAsync(
                name == History
                    ? CreateHistory
                    : $"CREATE {(unlogged.Contains(name) ? "UNLOGGED " : "")}TABLE {name.QuoteIdentifier()} ({string.Join(", ", lines)});");
        }

        foreach (var (name, _, stored) in tables)
        {
            var list = string.Join(", ", stored.Select(column => column.QuoteIdentifier()));
            await WriteRowsAsync(connection, $"{name.QuoteIdentifier()} ({list})", script, cancellationToken);
        }

        foreach (var statement in await connection.ListAsync<string>(Sequences, cancellationToken))
        {
            await script.WriteLineAsync(statement);
        }

        // Foreign keys need the keys that they reference. Triggers come last, because the counts are in the script already.
        var constraints = schema["constraint"].OrderBy(part => part.Definition.StartsWith("FOREIGN KEY", StringComparison.Ordinal));
        foreach (var constraint in constraints)
        {
            await script.WriteLineAsync(
                $"ALTER TABLE {constraint.Table.QuoteIdentifier()} "
                + $"ADD CONSTRAINT {constraint.Part.QuoteIdentifier()} {constraint.Definition};");
        }

        foreach (var part in schema["index"].Concat(schema["trigger"]).Concat(schema["rule"]))
        {
            await script.WriteLineAsync($"{part.Definition};");
        }

        foreach (var trigger in schema["trigger"])
        {
            if (EnabledAs(trigger.Definition) is { } enabled)
            {
                await script.WriteLineAsync(
                    $"\nALTER TABLE {trigger.Table.QuoteIdentifier()} {enabled} TRIGGER {trigger.Part.QuoteIdentifier()};");
            }
        }
    }

    // SchemaCatalog appends tgenabled to the definition; see the PostgreSQL manual, chapter "pg_trigger".
    private static string? EnabledAs(string definition) => definition[^2..] switch
    {
        " D" => "DISABLE",
        " R" => "ENABLE REPLICA",
        " A" => "ENABLE ALWAYS",
        _ => null,
    };

    private static async Task WriteRowsAsync(
        NpgsqlConnection connection, string table, StreamWriter script, CancellationToken cancellationToken)
    {
        await script.WriteLineAsync($"{CopyStart}{table} FROM stdin;");
        using (var rows = await connection.BeginTextExportAsync($"COPY {table} TO STDOUT", cancellationToken))
        {
            var buffer = new char[64 * 1024];
            while (await rows.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                await script.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }

        await script.WriteLineAsync(CopyEnd);
    }

    // A row is one line, since COPY escapes line ends within values.
    private static async Task CopyAsync(NpgsqlConnection connection, string copy, StreamReader script, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginTextImportAsync(copy, cancellationToken);
        while (await script.ReadLineAsync(cancellationToken) is { } row && row != CopyEnd)
        {
            await rows.WriteAsync(row.AsMemory(), cancellationToken);
            await rows.WriteAsync('\n');
        }
    }
}
