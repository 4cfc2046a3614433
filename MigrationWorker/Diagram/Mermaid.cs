using System.Text;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Writes the entity-relationship diagram in Mermaid's language, which code hosts render.</summary>
internal static class Mermaid
{
    public static string Write(IReadOnlyList<TableModel> tables)
    {
        var text = new StringBuilder("erDiagram\n");
        foreach (var table in tables)
        {
            var foreign = table.References.SelectMany(reference => reference.Column.Split(", ")).ToHashSet();
            text.Append("  ").Append(table.Name).Append(" {\n");
            foreach (var column in table.Columns)
            {
                var marks = string.Join(", ", new[] { column.IsKey ? "PK" : null, foreign.Contains(column.Name) ? "FK" : null }.Where(mark => mark is not null));
                text.Append("    ").Append(Type(column.Type)).Append(' ').Append(column.Name).Append(marks.Length > 0 ? " " + marks : "").Append('\n');
            }

            text.Append("  }\n");
        }

        foreach (var (table, reference) in tables.SelectMany(table => table.References.Select(reference => (table, reference))))
        {
            var optional = table.Columns.Any(column => column.IsNullable && column.Name == reference.Column);
            text.Append("  ").Append(reference.Table).Append(optional ? " |o--" : " ||--").Append(reference.IsOneToOne ? "|| " : "o{ ")
                .Append(table.Name).Append(" : ").Append(reference.Column).Append('\n');
        }

        return text.ToString();
    }

    // The language allows no blanks and commas in types.
    private static string Type(string type) =>
        type.Replace("character varying", "varchar", StringComparison.Ordinal).Replace("timestamp with time zone", "timestamptz", StringComparison.Ordinal)
            .Replace(' ', '_').Replace(',', '_');
}
