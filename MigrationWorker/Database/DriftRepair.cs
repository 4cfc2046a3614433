using System.Text.RegularExpressions;
using MovieAspire.Data.Schema;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Writes the SQL that repairs drift.</summary>
internal static class DriftRepair
{
    public static string Create(SchemaObject part, IReadOnlyList<SchemaObject> schema) => part.Kind switch
    {
        "table" => CreateTable(part, schema),
        "column" => $"ALTER TABLE {part.Table} ADD COLUMN {part.Part} {part.Definition};",
        "constraint" => $"ALTER TABLE {part.Table} ADD CONSTRAINT {part.Part} {part.Definition};",

        // The catalog writes a Boolean as PostgreSQL prints it, which is not how CREATE COLLATION reads it.
        "collation" => part.Definition
            .Replace("DETERMINISTIC = f)", "DETERMINISTIC = false);", StringComparison.Ordinal)
            .Replace("DETERMINISTIC = t)", "DETERMINISTIC = true);", StringComparison.Ordinal),
        _ => $"{part.Definition};",
    };

    public static string Drop(SchemaObject part) => part.Kind switch
    {
        "column" => $"ALTER TABLE {part.Table} DROP COLUMN {part.Part};",
        "constraint" => $"ALTER TABLE {part.Table} DROP CONSTRAINT {part.Part};",
        "trigger" => $"DROP TRIGGER {part.Part} ON {part.Table};",
        "index" => $"DROP INDEX {part.Part};",
        _ => $"DROP {part.Kind.ToUpperInvariant()} {part.Name};",
    };

    public static string Change(SchemaObject expected, SchemaObject live) => expected.Kind switch
    {
        // CREATE OR REPLACE, as pg_get_functiondef writes it.
        "function" => $"{expected.Definition};",
        "trigger" when live.Definition.StartsWith(expected.Definition, StringComparison.Ordinal) =>
            $"ALTER TABLE {expected.Table} ENABLE TRIGGER {expected.Part};",
        "column" => ChangeColumn(expected, live),
        _ => $"{Drop(live)} {Create(expected, [])}",
    };

    private static string ChangeColumn(SchemaObject expected, SchemaObject live)
    {
        var (wanted, found) = (ColumnDefinition.Parse(expected.Definition), ColumnDefinition.Parse(live.Definition));
        if (wanted.Generated != found.Generated)
        {
            return $"{Drop(live)} {Create(expected, [])}";
        }

        var column = $"ALTER TABLE {expected.Table} ALTER COLUMN {expected.Part}";
        string?[] changes =
        [
            wanted.Type == found.Type ? null : $"{column} TYPE {wanted.Type};",
            wanted.Default == found.Default ? null
                : wanted.Default is null ? $"{column} DROP DEFAULT;"
                : $"{column} SET DEFAULT {wanted.Default};",
            wanted.NotNull == found.NotNull ? null : $"{column} {(wanted.NotNull ? "SET" : "DROP")} NOT NULL;",
        ];
        return string.Join(' ', changes.Where(change => change is not null));
    }

    private static string CreateTable(SchemaObject table, IReadOnlyList<SchemaObject> schema)
    {
        var parts = schema.Where(part => part.Name.StartsWith(table.Name + ".", StringComparison.Ordinal)).ToLookup(part => part.Kind);
        var lines = parts["column"].Select(column => $"{column.Part} {column.Definition}")
            .Concat(parts["constraint"].Select(constraint => $"CONSTRAINT {constraint.Part} {constraint.Definition}"));
        var after = parts["index"].Concat(parts["trigger"]).Select(part => $" {part.Definition};");
        return $"CREATE TABLE {table.Name} ({string.Join(", ", lines)});{string.Concat(after)}";
    }
}

/// <summary>A column's definition, in the parts that are changed one by one.</summary>
internal sealed partial record ColumnDefinition(string Type, string? Generated, string? Default, bool NotNull)
{
    public static ColumnDefinition Parse(string definition)
    {
        var match = Parts().Match(definition);
        return new ColumnDefinition(match.Groups["type"].Value, Value("generated"), Value("default"), match.Groups["null"].Success);

        string? Value(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
    }

    [GeneratedRegex("^(?<type>.+?)(?: (?<generated>GENERATED .+?)| DEFAULT (?<default>.+?))?(?<null> NOT NULL)?$", RegexOptions.Singleline)]
    private static partial Regex Parts();
}
