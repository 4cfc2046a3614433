namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>Where a table's box stands in the picture.</summary>
internal sealed record Box(TableModel Table, int X, int Y)
{
    public const int Width = 250;
    public const int Row = 18;

    public int Height => Row * (Table.Columns.Count + 1) + 6;

    /// <summary>The middle of a column's line.</summary>
    public int LineOf(string column) => Y + Row + 3 + (Row / 2) + (Row * Math.Max(0, Table.Columns.ToList().FindIndex(c => c.Name == column)));
}

/// <summary>Puts tables that others refer to on the left and those that refer to them further right, in columns of about the same height.</summary>
internal static class Layout
{
    private const int GapX = 90;
    private const int GapY = 24;
    private const int Margin = 20;

    public static IReadOnlyList<Box> Arrange(IReadOnlyList<TableModel> tables)
    {
        var byName = tables.ToDictionary(table => table.Name);
        var connected = tables.SelectMany(table => table.References.Select(reference => reference.Table).Append(table.References.Count > 0 ? table.Name : "")).ToHashSet();
        var boxes = new List<Box>();
        foreach (var rank in tables.GroupBy(table => connected.Contains(table.Name) ? Depth(table, byName) : -1).OrderBy(group => group.Key < 0 ? int.MaxValue : group.Key))
        {
            var y = Margin;
            var x = Margin + (boxes.Select(box => box.X).Distinct().Count() * (Box.Width + GapX));
            foreach (var table in rank.OrderBy(table => table.References.Count == 0 ? "" : table.References[0].Table, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal))
            {
                boxes.Add(new Box(table, x, y));
                y += boxes[^1].Height + GapY;
            }
        }

        return boxes;
    }

    private static int Depth(TableModel table, Dictionary<string, TableModel> tables) =>
        table.References.Count == 0 ? 0 : 1 + table.References.Max(reference => reference.Table == table.Name ? 0 : Depth(tables[reference.Table], tables));
}
