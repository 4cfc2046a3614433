using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MovieAspire.Data.Tests.Documentation;

/// <summary>Writes docs/schema.md from EF Core's model: a Mermaid diagram, then each table with its columns and foreign keys.</summary>
internal static class SchemaDocument
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The model's tables by name. Needs no database.</summary>
    public static IReadOnlyList<ITable> Tables { get; } = ReadTables();

    public static string Write()
    {
        var text = new StringBuilder(
            """
            # Tables

            Generated from the model of [`Data/`](../Data) by `SchemaDocumentTests`; do not edit.
            What the database guards, and which query each index serves: [database.md](database.md).

            ```mermaid
            erDiagram

            """.ReplaceLineEndings("\n"));
        foreach (var table in Tables)
        {
            WriteEntity(text, table);
        }

        foreach (var key in Tables.SelectMany(ForeignKeys))
        {
            WriteRelation(text, key);
        }

        text.Append("```\n");
        foreach (var table in Tables)
        {
            WriteTable(text, table);
        }

        return text.ToString();
    }

    private static List<ITable> ReadTables()
    {
        using var context = new MovieDbContext(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql("Host=nowhere").Options);
        var model = context.GetService<IDesignTimeModel>().Model.GetRelationalModel();
        return [.. model.Tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
    }

    private static void WriteEntity(StringBuilder text, ITable table)
    {
        var foreign = table.ForeignKeyConstraints.SelectMany(key => key.Columns).ToHashSet();
        text.Append(Invariant, $"  {table.Name} {{\n");
        foreach (var column in Columns(table))
        {
            var marks = (IsKey(column), foreign.Contains(column)) switch
            {
                (true, true) => " PK, FK",
                (true, false) => " PK",
                (false, true) => " FK",
                _ => "",
            };
            text.Append(Invariant, $"    {MermaidType(column.StoreType)} {column.Name}{marks}\n");
        }

        text.Append("  }\n");
    }

    // Mermaid allows neither spaces nor commas in types.
    private static string MermaidType(string type) => type
        .Replace("character varying", "varchar", StringComparison.Ordinal)
        .Replace("timestamp with time zone", "timestamptz", StringComparison.Ordinal)
        .Replace(' ', '_').Replace(',', '_');

    private static void WriteRelation(StringBuilder text, IForeignKeyConstraint key)
    {
        var principal = key.Columns.Any(column => column.IsNullable) ? "|o" : "||";
        var dependent = key.MappedForeignKeys.First().IsUnique ? "||" : "o{";
        text.Append(Invariant, $"  {key.PrincipalTable.Name} {principal}--{dependent} {key.Table.Name} : {Names(key)}\n");
    }

    private static void WriteTable(StringBuilder text, ITable table)
    {
        text.Append(Invariant, $"\n## {table.Name}\n\n{Descriptions.Get(table)}\n\n");
        text.Append("| column | type | null | filled by | meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (var column in Columns(table))
        {
            var name = IsKey(column) ? $"**{column.Name}**" : column.Name;
            text.Append(
                Invariant, $"| {name} | {column.StoreType} | {(column.IsNullable ? "yes" : "")} | {FilledBy(column)} | {Descriptions.Get(column)} |\n");
        }

        text.Append(table.ForeignKeyConstraints.Any() ? "\n" : "");
        foreach (var key in ForeignKeys(table))
        {
            var onDelete = key.OnDeleteAction == ReferentialAction.Cascade ? "deletes with it" : "refused while it is used";
            text.Append(Invariant, $"- `{Names(key)}` refers to `{key.PrincipalTable.Name}`: {onDelete}.\n");
        }
    }

    private static string FilledBy(IColumn column) => column switch
    {
        { ComputedColumnSql: { } computed } => $"`= {computed}`",
        { DefaultValueSql: { } sql } => $"`default {sql}`",
        { DefaultValue: { } value } => $"`default {value}`",
        _ => column.PropertyMappings[0].Property.ValueGenerated == ValueGenerated.OnAdd ? "`identity`" : "",
    };

    // Keys first, then in the order of the source, then the columns of Identity's base class.
    private static IOrderedEnumerable<IColumn> Columns(ITable table) => table.Columns
        .OrderBy(column => !IsKey(column))
        .ThenBy(column => Source(column)?.DeclaringType != Descriptions.GetEntity(table))
        .ThenBy(column => Source(column)?.MetadataToken ?? 0);

    private static System.Reflection.PropertyInfo? Source(IColumn column) => column.PropertyMappings[0].Property.PropertyInfo;

    private static bool IsKey(IColumn column) => column.Table.PrimaryKey?.Columns.Contains(column) == true;

    private static IOrderedEnumerable<IForeignKeyConstraint> ForeignKeys(ITable table) =>
        table.ForeignKeyConstraints.OrderBy(key => key.Name, StringComparer.Ordinal);

    private static string Names(IForeignKeyConstraint key) => string.Join(", ", key.Columns.Select(column => column.Name));
}
