using System.Security;
using System.Text;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Draws the entity-relationship diagram, for readers whose viewer knows no Mermaid. Readable on light and on dark ground.</summary>
internal static class Svg
{
    private const string Style = """
        text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1b1f24; }
        .head { font-weight: bold; fill: #ffffff; } .type { fill: #57606a; } .key { font-weight: bold; }
        """;

    public static string Write(IReadOnlyList<TableModel> tables)
    {
        var boxes = Layout.Arrange(tables);
        var (width, height) = (boxes.Max(box => box.X) + Box.Width + 20, boxes.Max(box => box.Y + box.Height) + 20);
        var text = new StringBuilder();
        text.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Tables of moviedb and how they refer to each other\">\n");
        text.Append($"<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#f6f8fa\"/>\n");
        foreach (var (from, reference) in boxes.SelectMany(box => box.Table.References.Select(reference => (box, reference))))
        {
            text.Append(Line(from, boxes.Single(box => box.Table.Name == reference.Table), reference));
        }

        foreach (var box in boxes)
        {
            Draw(text, box);
        }

        return text.Append("</svg>\n").ToString();
    }

    private static string Line(Box from, Box to, ReferenceModel reference)
    {
        var (x1, y1) = (from.X, from.LineOf(reference.Column));
        var (x2, y2) = (to.X + Box.Width, to.LineOf("id"));
        var bend = Math.Max(40, (x1 - x2) / 2);
        return $"<path d=\"M{x1},{y1} C{x1 - bend},{y1} {x2 + bend},{y2} {x2},{y2}\" fill=\"none\" stroke=\"#8250df\" stroke-opacity=\"0.55\"/>"
            + $"<circle cx=\"{x2}\" cy=\"{y2}\" r=\"3\" fill=\"#8250df\"/>\n";
    }

    private static void Draw(StringBuilder text, Box box)
    {
        text.Append($"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{Box.Width}\" height=\"{box.Height}\" rx=\"4\" fill=\"#ffffff\" stroke=\"#57606a\"/>\n");
        text.Append($"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{Box.Width}\" height=\"{Box.Row}\" rx=\"4\" fill=\"#3b4652\"/>");
        text.Append($"<text class=\"head\" x=\"{box.X + 8}\" y=\"{box.Y + 13}\">{box.Table.Name}</text>\n");
        foreach (var column in box.Table.Columns)
        {
            var y = box.LineOf(column.Name) + 4;
            text.Append($"<text{(column.IsKey ? " class=\"key\"" : "")} x=\"{box.X + 8}\" y=\"{y}\">{column.Name}</text>");
            text.Append($"<text class=\"type\" x=\"{box.X + Box.Width - 8}\" y=\"{y}\" text-anchor=\"end\">{SecurityElement.Escape(Short(column.Type))}{(column.IsNullable ? "?" : "")}</text>\n");
        }
    }

    private static string Short(string type) =>
        type.Replace("character varying", "varchar", StringComparison.Ordinal).Replace("timestamp with time zone", "timestamptz", StringComparison.Ordinal)
            .Replace("character", "char", StringComparison.Ordinal).Replace("double precision", "float8", StringComparison.Ordinal);
}
