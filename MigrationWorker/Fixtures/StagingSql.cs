using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>
/// The SQL that checks a table's staged records and writes them to the table. Each check deletes the records that it rejects, and returns
/// line and reason.
/// </summary>
internal sealed class StagingSql(FixtureTable table)
{
    /// <summary>Settings for the transaction of a load: joins run in the written order.</summary>
    public const string KeepJoinOrder = "SET LOCAL join_collapse_limit = 1";

    private readonly string _staged = $"staged_{table.Name}";

    // Keys of one column first: for one of several, the planner expects hardly any row, and plans what follows for that.
    private readonly string _joins = string.Join(
        ' ', table.References.OrderBy(reference => reference.Fields.Length).Select(reference => reference.LoadJoin));

    // The types are those of the columns, but without lengths, so that what is too long can be told by line.
    public string Create => $"""
        CREATE TEMP TABLE {_staged} ON COMMIT DROP AS
        SELECT NULL::bigint AS line, {List(table.Fields.Select(f => $"{Widened(f)} AS {Quoted(f)}"))}
        FROM {table.Name} t {string.Join(' ', table.References.Select(reference => reference.DumpJoin))} WITH NO DATA
        """;

    public string Copy => $"COPY {_staged} (line, {List(table.Fields.Select(Quoted))}) FROM STDIN (FORMAT binary)";

    /// <summary>
    /// The rules for a single record, each as SQL that is true when it breaks it and SQL of the reason; the table's own CHECKs among
    /// them.
    /// </summary>
    public string Rules => $"""
        WITH columns AS (
            SELECT attname::text AS name, quote_ident(attname) AS quoted, attnum, attnotnull, atttypid::regtype::text AS type, atttypmod
            FROM pg_attribute WHERE attrelid = '{table.Name}'::regclass
                AND attname = ANY ('{Array(table.Columns.Select(column => column.Name))}'))
        SELECT format('%s IS NULL', quoted), quote_literal(name || ' is missing') FROM columns
        WHERE attnotnull
            AND name <> ALL ('{Array(table.Columns.Where(column => column.Default is not null).Select(column => column.Name))}')
        UNION ALL
        SELECT format('char_length(%s) > %s', quoted, atttypmod - 4),
            quote_literal(format('%s has more than %s characters', name, atttypmod - 4))
        FROM columns WHERE type IN ('character varying', 'character') AND atttypmod > 0
        UNION ALL
        SELECT format('round(%1$s, %2$s) <> %1$s', quoted, (atttypmod - 4) & 2047),
            quote_literal(format('%s has more than %s decimals', name, (atttypmod - 4) & 2047))
        FROM columns WHERE type = 'numeric' AND atttypmod > 0
        UNION ALL
        SELECT format('NOT %s', substr(pg_get_constraintdef(oid), 7)),
            quote_literal('breaks ' || conname || ': ' || pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = '{table.Name}'::regclass AND contype = 'c' AND conkey <@ (SELECT array_agg(attnum) FROM columns)
        """;

    /// <summary>References without a value, and the rules that stand in the table's description.</summary>
    public IEnumerable<(string Broken, string Reason)> OwnRules =>
        [
            .. table.References.SelectMany(reference => reference.Fields).Select(f => ($"{Quoted(f)} IS NULL", $"'{f.Name} is missing'")),
            .. table.Rules.Select(rule => (rule.Broken, $"'{rule.Reason}'")),
            .. table.Columns
                .Where(column => column.Type == FixtureType.Timestamp && !column.MayBeInfinite)
                .Select(column => ($"NOT isfinite({column.Name})", $"'{column.Name} is infinite'")),
        ];

    /// <summary>Composes the characters of a field, which the worker cannot: it runs without tables of cultures.</summary>
    public string Compose(FixtureField field) =>
        $"UPDATE {_staged} SET {Quoted(field)} = normalize({Quoted(field)}, NFC) WHERE {Quoted(field)} IS NOT NFC NORMALIZED";

    /// <summary>
    /// Lets records name movies by the days that these have in the database; null for a table of others. A movie that the file itself tells
    /// from others of its title and year stays so.
    /// </summary>
    public string? FindMovies =>
        table.Name == "movies"
            ? $"""
                {MovieDays.Find(_staged, "title")}
                    AND NOT EXISTS (
                        SELECT FROM {_staged} o WHERE o.title = s.title AND o.release_date <> s.release_date
                            AND date_trunc('year', o.release_date) = date_trunc('year', s.release_date))
                """
            : table.Fields.Any(part => part.Name == "movie") ? MovieDays.Find(_staged, "movie")
            : null;

    /// <summary>Sets the days of existing movies that only the file knows.</summary>
    public string FillDays => MovieDays.Fill(_staged);

    public string RejectInvalid(IReadOnlyCollection<(string Broken, string Reason)> rules) => $"""
        DELETE FROM {_staged} WHERE {string.Join(" OR ", rules.Select(rule => rule.Broken))}
        RETURNING line, CASE {string.Join(' ', rules.Select(rule => $"WHEN {rule.Broken} THEN {rule.Reason}"))} END
        """;

    /// <summary>Rejects all but the first of the records with the same key.</summary>
    public string RejectDuplicates(IEnumerable<string> key) => $"""
        DELETE FROM {_staged} s USING (
            SELECT ctid, row_number() OVER w AS nth, min(line) OVER w AS first FROM {_staged}
            WHERE {string.Join(" AND ", key.Select(name => $"\"{name}\" IS NOT NULL"))}
            WINDOW w AS (PARTITION BY {List(key.Select(name => $"\"{name}\""))} ORDER BY line)) r
        WHERE r.ctid = s.ctid AND r.nth > 1
        RETURNING s.line, 'has the same {List(key)} as line ' || r.first
        """;

    /// <summary>Those with a value that another row of the table has, in a column that is unique besides the natural key.</summary>
    public string RejectConflicts(string column) => $"""
        DELETE FROM {_staged} s USING {table.Name} t
        WHERE t.{column} = s.{column}
            AND ({List(table.Key.Select(key => $"t.{key}"))}) IS DISTINCT FROM ({List(table.Key.Select(key => $"s.{key}"))})
        RETURNING s.line, format('{column} %L belongs to another row', s.{column})
        """;

    public string RejectMissingReferences(FixtureReference reference) => $"""
        DELETE FROM {_staged} s WHERE NOT EXISTS (SELECT FROM {reference.Target} WHERE {reference.Match})
        RETURNING line, concat('there is no {reference.Noun} ', concat_ws(', ', {List(reference.Fields.Select(f => $"s.{Quoted(f)}"))}))
        """;

    public string Count => $"SELECT count(*) FROM {_staged}";

    public string Analyze => $"ANALYZE {_staged}";

    public string Drop => $"DROP TABLE {_staged}";

    /// <summary>Inserts the records whose key is not in the table yet.</summary>
    public string Insert => $"""
        INSERT INTO {table.Name} (
            {List([.. table.References.Select(reference => reference.Column), .. table.Columns.Select(column => column.Name)])})
        SELECT {List([.. table.References.Select(reference => reference.Id), .. table.Columns.Select(Value)])}
        FROM {_staged} s {_joins}
        WHERE NOT EXISTS (SELECT FROM {table.Name} t WHERE {SameRow})
        """;

    /// <summary>Updates existing rows that differ; null if the table has only keys and bookkeeping columns.</summary>
    public string? Overwrite
    {
        get
        {
            var columns = table.Columns
                .Where(column => !column.IsBookkeeping && !column.IsSecret && !table.Key.Contains(column.Name))
                .ToList();
            return columns.Count == 0 ? null : $"""
                UPDATE {table.Name} t SET {List(columns.Select(column => $"{column.Name} = {Value(column)}"))}
                FROM {_staged} s {_joins}
                WHERE {SameRow} AND ({List(columns.Select(column => $"t.{column.Name}"))}) IS DISTINCT FROM ({List(columns.Select(Value))})
                """;
        }
    }

    private string SameRow => string.Join(" AND ",
        [
            .. table.References.Select(reference => $"t.{reference.Column} = {reference.Id}"),
            .. table.Key.Select(name => $"t.{name} = s.{name}"),
        ]);

    private static string Widened(FixtureField field) => field.Type switch
    {
        FixtureType.Text => $"{field.Expression}::text",
        FixtureType.Numeric => $"{field.Expression}::numeric",
        _ => field.Expression,
    };

    private static string Value(FixtureColumn column) =>
        column.Default is { } value ? $"coalesce(s.{column.Name}, {value})" : $"s.{column.Name}";

    private static string Quoted(FixtureField field) => $"\"{field.Name}\"";

    private static string List(IEnumerable<string> items) => string.Join(", ", items);

    private static string Array(IEnumerable<string> items) => $"{{{string.Join(',', items)}}}";
}
