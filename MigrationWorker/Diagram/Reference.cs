using System.Text;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Writes the generated part of docs/database.md: the diagram, and each table with its columns, relations and indexes.</summary>
internal static class Reference
{
    public static string Write(IReadOnlyList<TableModel> tables)
    {
        var text = new StringBuilder($"```mermaid\n{Mermaid.Write(tables)}```\n\nThe same as a picture: [database.svg](database.svg).\n");
        foreach (var table in tables)
        {
            text.Append($"\n### {table.Name}\n\n{table.Meaning}\n\n| column | type | null | filled by | meaning |\n| --- | --- | --- | --- | --- |\n");
            foreach (var column in table.Columns)
            {
                text.Append($"| {(column.IsKey ? $"**{column.Name}**" : column.Name)} | {column.Type} | {(column.IsNullable ? "yes" : "")} | {Code(column.Origin)} | {column.Meaning} |\n");
            }

            foreach (var reference in table.References)
            {
                text.Append($"\n- `{reference.Column}` refers to `{reference.Table}`: {reference.OnDelete}.");
            }

            text.Append(table.References.Count > 0 ? "\n" : "");
        }

        return text.ToString();
    }

    private static string Code(string? origin) => origin is null ? "" : $"`{origin}`";
}
