using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.Data.Schema;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>The SQL that repairs a difference, and what it would cost.</summary>
/// <param name="Sql">The statements.</param>
/// <param name="Cost">What a comment behind them says, with <c>{0}</c> for the rows that it costs, such as <c>loses {0} of movies</c>.</param>
/// <param name="Count">Counts these rows.</param>
internal sealed partial record DriftRepair(string Sql, string? Cost = null, string? Count = null)
{
    // Of the words that PostgreSQL reserves those that somebody might name something by.
    private static readonly HashSet<string> Reserved =
    [
        "all", "analyze", "as", "asc", "case", "cast", "check", "collate", "column", "constraint", "create", "default", "desc", "do", "else",
        "end", "fetch", "for", "foreign", "from", "grant", "group", "in", "into", "limit", "not", "null", "offset", "on", "only", "or", "order",
        "primary", "references", "returning", "select", "some", "table", "then", "to", "union", "unique", "user", "using", "when", "where",
        "window", "with",
    ];

    /// <summary>Offers no SQL, but says what to do.</summary>
    public static DriftRepair Look(string advice) => new($"-- {advice}");

    /// <summary>Makes what is missing.</summary>
    public static DriftRepair Create(SchemaObject part, IReadOnlyList<SchemaObject> schema) => new(CreateSql(part, schema));

    /// <inheritdoc cref="Create"/>
    public static string CreateSql(SchemaObject part, IReadOnlyList<SchemaObject> schema) => part.Kind switch
    {
        "table" => CreateTable(part, schema),
        "column" => $"ALTER TABLE {Quote(part.Table)} ADD COLUMN {Quote(part.Part)} {part.Definition};",
        "constraint" => $"ALTER TABLE {Quote(part.Table)} ADD CONSTRAINT {Quote(part.Part)} {part.Definition};",

        // The catalog writes a Boolean as PostgreSQL prints it, which is not how CREATE COLLATION reads it.
        "collation" => part.Definition
            .Replace("DETERMINISTIC = f)", "DETERMINISTIC = false);", StringComparison.Ordinal)
            .Replace("DETERMINISTIC = t)", "DETERMINISTIC = true);", StringComparison.Ordinal),
        _ => $"{part.Definition};",
    };

    /// <summary>Drops what is extra.</summary>
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

    /// <summary>Gives what is the same but for its name the name that this build knows.</summary>
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

    /// <summary>Changes what is different.</summary>
    public static DriftRepair Change(
        SchemaObject expected, SchemaObject live, IReadOnlyList<SchemaObject> schema, IReadOnlyList<SchemaObject> liveSchema) =>
        expected.Kind switch
        {
            "table" => ChangeTable(expected, live),
            "column" => ChangeColumn(expected, live, schema, liveSchema),
            "constraint" => ChangeConstraint(expected, live),
            "trigger" => ChangeTrigger(expected, live),

            // CREATE OR REPLACE, as pg_get_functiondef writes it.
            "function" => new($"{expected.Definition};"),

            // One that columns use cannot be dropped; these differ afterwards, and are changed one by one.
            "collation" => new(
                $"ALTER COLLATION {Quote(live.Name)} RENAME TO {Quote($"{live.Name}_before")}; {CreateSql(expected, schema)}"),
            _ => new($"{Drop(live).Sql} {CreateSql(expected, schema)}"),
        };

    /// <summary>The SQL, with a comment behind it that says what it costs.</summary>
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
            // A value that does not fit another type, or a table that this user may not read.
        }

        return $"{Sql} -- {Cost.Replace("{0}", rows, StringComparison.Ordinal)}";
    }

    private static string Quote(string name) => SimpleName().IsMatch(name) && !Reserved.Contains(name) ? name : name.QuoteIdentifier();

    private static DriftRepair DropTable(SchemaObject table)
    {
        var kind = table.Definition.StartsWith("FOREIGN", StringComparison.Ordinal) ? "FOREIGN TABLE" : "TABLE";
        return new($"DROP {kind} {Quote(table.Name)};", $"loses {{0}} of {table.Name}", $"SELECT count(*) FROM {Quote(table.Name)}");
    }

    // Its name is that of a table with its schema, as SQL writes it, and of the constraint.
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
        // The only one that this project's tables have.
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

    /// <summary>What makes it another than a plain table, such as UNLOGGED.</summary>
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
            // Those of both tables.
            var other = ReferencedTable().Match(expected.Definition).Groups["table"].Value;
            return new($"ALTER TABLE {table} ENABLE TRIGGER ALL; ALTER TABLE {other} ENABLE TRIGGER ALL;");
        }

        // One statement, so that no row gets in between.
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

        // Replaced at once, so that no row gets past it.
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

        // A default does not follow its column to another type.
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

    // Only PostgreSQL 17 and newer can change an expression, and none can make a column a generated one. What rests on it goes with it.
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
