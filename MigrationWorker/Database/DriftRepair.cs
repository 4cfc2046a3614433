using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.Data.Schema;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>The SQL that repairs a difference, and the data that it would lose.</summary>
/// <param name="Sql">The statements.</param>
/// <param name="Cost">What a comment behind them says, with <c>{0}</c> for the rows that it costs, such as <c>loses {0} of movies</c>.</param>
/// <param name="Count">Counts these rows.</param>
internal sealed partial record DriftRepair(string Sql, string? Cost = null, string? Count = null)
{
    // The reserved words of PostgreSQL that are likely as names.
    private static readonly HashSet<string> Reserved =
    [
        "all", "analyze", "as", "asc", "case", "cast", "check", "collate", "column", "constraint", "create", "default", "desc", "do", "else",
        "end", "fetch", "for", "foreign", "from", "grant", "group", "in", "into", "limit", "not", "null", "offset", "on", "only", "or", "order",
        "primary", "references", "returning", "select", "some", "table", "then", "to", "union", "unique", "user", "using", "when", "where",
        "window", "with",
    ];

    /// <summary>Offers a comment that says what to do, without SQL.</summary>
    public static DriftRepair Look(string advice) => new($"-- {advice}");

    /// <summary>Creates a missing object.</summary>
    public static DriftRepair Create(SchemaObject part, IReadOnlyList<SchemaObject> schema) => new(CreateSql(part, schema));

    /// <inheritdoc cref="Create"/>
    public static string CreateSql(SchemaObject part, IReadOnlyList<SchemaObject> schema) => part.Kind switch
    {
        "table" => CreateTable(part, schema),
        "column" => $"ALTER TABLE {Quote(part.Table)} ADD COLUMN {Quote(part.Part)} {part.Definition};",
        "constraint" => $"ALTER TABLE {Quote(part.Table)} ADD CONSTRAINT {Quote(part.Part)} {part.Definition};",

        // CREATE COLLATION does not accept PostgreSQL's printed form of a Boolean, which the catalog contains.
        "collation" => part.Definition
            .Replace("DETERMINISTIC = f)", "DETERMINISTIC = false);", StringComparison.Ordinal)
            .Replace("DETERMINISTIC = t)", "DETERMINISTIC = true);", StringComparison.Ordinal),
        _ => $"{part.Definition};",
    };

    /// <summary>Drops an extra object.</summary>
    public static DriftRepair Drop(SchemaObject part) => part.Kind switch
    {
        "table" => DropTable(part),
        "column" => DropColumn(part),
        "constraint" => new($"ALTER TABLE {Quote(part.Table)} DROP CONSTRAINT {Quote(part.Part)};"),
        "reference" => DropReference(part),
        "trigger" or "rule" or "policy" => new($"DROP {part.Kind.ToUpperInvariant()} {Quote(part.Part)} ON {Quote(part.Table)};"),
        "index" => new($"DROP INDEX {Quote(part.Part)};"),
        "function" or "procedure" => new($"DROP {part.Kind.ToUpperInvariant()} {part.Name};"),
        "aggregate" => Look($"drop the aggregate {part.Name}"),
        _ => new($"DROP {part.Kind.ToUpperInvariant()} {Quote(part.Name)};"),
    };

    /// <summary>Renames an object that differs only by its name.</summary>
    public static DriftRepair Rename(SchemaObject live, SchemaObject expected, IReadOnlyList<SchemaObject> schema) => expected.Kind switch
    {
        "column" => new(
            $"ALTER TABLE {Quote(live.Table)} RENAME COLUMN {Quote(live.Part)} TO {Quote(expected.Part)}; "
            + $"-- if it is that column; otherwise: {CreateSql(expected, schema)}"),
        "constraint" => new($"ALTER TABLE {Quote(live.Table)} RENAME CONSTRAINT {Quote(live.Part)} TO {Quote(expected.Part)};"),
        "trigger" => new($"ALTER TRIGGER {Quote(live.Part)} ON {Quote(live.Table)} RENAME TO {Quote(expected.Part)};"),
        "index" => new($"ALTER INDEX {Quote(live.Part)} RENAME TO {Quote(expected.Part)};"),
        _ => new($"ALTER {expected.Kind.ToUpperInvariant()} {Quote(live.Name)} RENAME TO {Quote(expected.Name)};"),
    };

    /// <summary>Changes an object that differs.</summary>
    public static DriftRepair Change(
        SchemaObject expected, SchemaObject live, IReadOnlyList<SchemaObject> schema, IReadOnlyList<SchemaObject> liveSchema) =>
        expected.Kind switch
        {
            "table" => ChangeTable(expected, live),
            "column" => ChangeColumn(expected, live, schema, liveSchema),
            "constraint" => ChangeConstraint(expected, live),
            "trigger" => ChangeTrigger(expected, live),

            // pg_get_functiondef writes CREATE OR REPLACE.
            "function" => new($"{expected.Definition};"),

            // A collation in use cannot be dropped. The columns that use it are repaired one by one afterwards.
            "collation" => new(
                $"ALTER COLLATION {Quote(live.Name)} RENAME TO {Quote($"{live.Name}_before")}; {CreateSql(expected, schema)}"),
            _ => new($"{Drop(live).Sql} {CreateSql(expected, schema)}"),
        };

    /// <summary>The SQL, followed by a comment about the data that it loses.</summary>
    public async Task<string> WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Cost is null)
        {
            return Sql;
        }

        var rows = "an unknown number of rows";
        try
        {
            if (Count is not null)
            {
                var count = await connection.ScalarAsync<long>(Count, cancellationToken);
                rows = string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "row" : "rows")}");
            }
        }
        catch (PostgresException)
        {
            // A value does not fit the new type, or this user may not read the table.
        }

        return $"{Sql} -- {Cost.Replace("{0}", rows, StringComparison.Ordinal)}";
    }

    private static string Quote(string name) => SimpleName().IsMatch(name) && !Reserved.Contains(name) ? name : name.QuoteIdentifier();

    private static DriftRepair DropTable(SchemaObject table)
    {
        var kind = table.Definition.StartsWith("FOREIGN", StringComparison.Ordinal) ? "FOREIGN TABLE" : "TABLE";
        return new($"DROP {kind} {Quote(table.Name)};", $"loses {{0}} of {table.Name}", $"SELECT count(*) FROM {Quote(table.Name)}");
    }

    // The name consists of the schema-qualified table and the constraint.
    private static DriftRepair DropReference(SchemaObject reference)
    {
        var end = reference.Name.LastIndexOf('.');
        return new($"ALTER TABLE {reference.Name[..end]} DROP CONSTRAINT {reference.Name[(end + 1)..].QuoteIdentifier()};");
    }

    private static DriftRepair DropColumn(SchemaObject column) => new(
        $"ALTER TABLE {Quote(column.Table)} DROP COLUMN {Quote(column.Part)};",
        $"loses {{0}} of {column.Name}",
        $"SELECT count({Quote(column.Part)}) FROM {Quote(column.Table)}");

    private static DriftRepair ChangeTable(SchemaObject expected, SchemaObject live)
    {
        var table = $"ALTER TABLE {Quote(live.Name)}";
        var (wanted, present) = (TraitsOf(expected), TraitsOf(live));
        // The only kind that this project's tables have.
        var missing = wanted.Except(present).Select(line => $"{table} SET {line};");
        var changes = present.Except(wanted).Select(line => line switch
        {
            "UNLOGGED" => $"{table} SET LOGGED;",
            "ENABLE ROW LEVEL SECURITY" => $"{table} DISABLE ROW LEVEL SECURITY;",
            "FORCE ROW LEVEL SECURITY" => $"{table} NO FORCE ROW LEVEL SECURITY;",
            _ when line.StartsWith("INHERITED BY ", StringComparison.Ordinal) =>
                $"ALTER TABLE {line["INHERITED BY ".Length..]} NO INHERIT {Quote(live.Name)};",
            _ when line.StartsWith("INHERITS ", StringComparison.Ordinal) => $"{table} NO INHERIT {line["INHERITS ".Length..]};",
            _ => $"-- {live.Name} is a table of another kind ({line}): copy its rows into a plain one",
        });
        return new(string.Join(' ', missing.Concat(changes)));
    }

    /// <summary>The table's traits, such as UNLOGGED.</summary>
    private static string[] TraitsOf(SchemaObject table) => table.Definition.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static DriftRepair ChangeConstraint(SchemaObject expected, SchemaObject live)
    {
        var table = Quote(expected.Table);
        if (live.Definition == $"{expected.Definition} NOT VALID")
        {
            return new($"ALTER TABLE {table} VALIDATE CONSTRAINT {Quote(expected.Part)};");
        }

        if (live.Definition.StartsWith($"{expected.Definition} /*", StringComparison.Ordinal))
        {
            // The triggers of both tables.
            var other = ReferencedTable().Match(expected.Definition).Groups["table"].Value;
            return new($"ALTER TABLE {table} ENABLE TRIGGER ALL; ALTER TABLE {other} ENABLE TRIGGER ALL;");
        }

        // One statement, so that no row is inserted in between.
        return new(
            $"ALTER TABLE {table} DROP CONSTRAINT {Quote(expected.Part)}, ADD CONSTRAINT {Quote(expected.Part)} {expected.Definition};");
    }

    private static DriftRepair ChangeTrigger(SchemaObject expected, SchemaObject live)
    {
        var enable = $"ALTER TABLE {Quote(expected.Table)} ENABLE TRIGGER {Quote(expected.Part)};";
        if (live.Definition.StartsWith($"{expected.Definition}; -- enabled", StringComparison.Ordinal))
        {
            return new(enable);
        }

        // Replaced in one statement, so that no row escapes the constraint.
        const string Create = "CREATE TRIGGER";
        return expected.Definition.StartsWith(Create, StringComparison.Ordinal) && live.Definition.StartsWith(Create, StringComparison.Ordinal)
            ? new($"CREATE OR REPLACE TRIGGER{expected.Definition[Create.Length..]}; {enable}")
            : new($"{Drop(live).Sql} {expected.Definition};");
    }

    private static DriftRepair ChangeColumn(
        SchemaObject expected, SchemaObject live, IReadOnlyList<SchemaObject> schema, IReadOnlyList<SchemaObject> liveSchema)
    {
        var (wanted, found) = (ColumnDefinition.Parse(expected.Definition), ColumnDefinition.Parse(live.Definition));
        if (wanted.Generated is not null && wanted.Generated != found.Generated)
        {
            return MakeGenerated(expected, live, found.Generated is not null, schema, liveSchema);
        }

        var (table, name) = (Quote(expected.Table), Quote(expected.Part));
        var column = $"ALTER TABLE {table} ALTER COLUMN {name}";
        var retyped = wanted.Type != found.Type;
        var converted = wanted.PlainType != found.PlainType;

        // A default is not converted to the column's new type.
        var dropsDefault = found.Default is not null && (retyped || wanted.Default is null || wanted.Identity is not null);
        string?[] changes =
        [
            found.Generated is not null && wanted.Generated is null ? $"{column} DROP EXPRESSION;" : null,
            found.Identity is not null && wanted.Identity is null ? $"{column} DROP IDENTITY;" : null,
            dropsDefault ? $"{column} DROP DEFAULT;" : null,
            retyped ? $"{column} TYPE {wanted.Type}{(converted ? $" USING {name}::{wanted.PlainType}" : "")};" : null,
            wanted.Default is not null && (dropsDefault || wanted.Default != found.Default) ? $"{column} SET DEFAULT {wanted.Default};" : null,
            wanted.NotNull == found.NotNull ? null : $"{column} {(wanted.NotNull ? "SET" : "DROP")} NOT NULL;",
            wanted.Identity is null || wanted.Identity == found.Identity ? null
                : found.Identity is null
                    ? $"{column} ADD {wanted.Identity}; SELECT setval(pg_get_serial_sequence('{table}', '{expected.Part}'), "
                        + $"coalesce(max({name}), 1), count(*) > 0) FROM {table};"
                    : $"{column} SET {wanted.Identity[..wanted.Identity.IndexOf(" AS ", StringComparison.Ordinal)]} "
                        + "SET INCREMENT BY 1 SET MINVALUE 1 SET NO MAXVALUE SET NO CYCLE;",
        ];
        var sql = string.Join(' ', changes.Where(change => change is not null));
        return converted
            ? new(
                sql, $"changes the value in {{0}} of {expected.Name}",
                $"SELECT count(*) FROM {table} WHERE {name}::{wanted.PlainType}::{found.PlainType} IS DISTINCT FROM {name}")
            : new(sql);
    }

    // Only PostgreSQL 17 and newer can change a generation expression, and no version can make an existing column generated, so the column
    // is replaced. Its constraints and indexes go with it and are created again.
    private static DriftRepair MakeGenerated(
        SchemaObject expected, SchemaObject live, bool wasGenerated, IReadOnlyList<SchemaObject> schema, IReadOnlyList<SchemaObject> liveSchema)
    {
        var mentioned = new Regex($@"\b{Regex.Escape(expected.Part)}\b");
        var gone = schema.Where(
            part => part.Kind is "constraint" or "index" && part.Table == expected.Table && mentioned.IsMatch(part.Definition)
                && liveSchema.Any(other => other.Kind == part.Kind && other.Name == part.Name));
        var drop = DropColumn(live);
        var sql = string.Join(' ', [drop.Sql, CreateSql(expected, schema), .. gone.Select(part => CreateSql(part, schema))]);
        return wasGenerated
            ? new(sql, $"loses 0 rows of {expected.Name}: its values are computed")
            : drop with { Sql = sql };
    }

    private static string CreateTable(SchemaObject table, IReadOnlyList<SchemaObject> schema)
    {
        var parts = schema.Where(part => part.Name.StartsWith(table.Name + ".", StringComparison.Ordinal)).ToLookup(part => part.Kind);
        var lines = parts["column"].Select(column => $"{Quote(column.Part)} {column.Definition}")
            .Concat(parts["constraint"].Select(constraint => $"CONSTRAINT {Quote(constraint.Part)} {constraint.Definition}"));
        var after = parts["index"].Concat(parts["trigger"]).Select(part => $" {part.Definition};");
        var traits = string.Concat(TraitsOf(table).Select(trait => $"{trait} "));
        return $"CREATE {traits}TABLE {Quote(table.Name)} ({string.Join(", ", lines)});{string.Concat(after)}";
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex SimpleName();

    [GeneratedRegex(@"REFERENCES (?<table>[^(]+)\(")]
    private static partial Regex ReferencedTable();
}

/// <summary>A column's definition, in the parts that are changed one by one.</summary>
internal sealed partial record ColumnDefinition(string Type, string? Identity, string? Generated, string? Default, bool NotNull)
{
    /// <summary>The type without its collation.</summary>
    public string PlainType => Type.Split(" COLLATE ")[0];

    public static ColumnDefinition Parse(string definition)
    {
        var match = Parts().Match(definition);
        return new ColumnDefinition(
            match.Groups["type"].Value, Value("identity"), Value("generated"), Value("default"), match.Groups["null"].Success);

        string? Value(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
    }

    [GeneratedRegex(
        @"^(?<type>.+?)(?: (?<identity>GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY(?: \(.+?\))?)| (?<generated>GENERATED ALWAYS AS \(.+?)"
        + "| DEFAULT (?<default>.+?))?(?<null> NOT NULL)?$",
        RegexOptions.Singleline)]
    private static partial Regex Parts();
}
