namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>A table as a reader wants to see it.</summary>
internal sealed record TableModel(
    string Name, string Meaning, IReadOnlyList<ColumnModel> Columns, IReadOnlyList<ReferenceModel> References, IReadOnlyList<IndexModel> Indexes);

/// <summary>A column; <paramref name="Origin"/> tells what fills it where nobody gives a value.</summary>
internal sealed record ColumnModel(string Name, string Type, bool IsNullable, bool IsKey, string? Origin, string Meaning);

/// <summary>A foreign key from <paramref name="Column"/> to a table, and what happens when the row there is deleted.</summary>
internal sealed record ReferenceModel(string Column, string Table, bool IsOneToOne, string OnDelete);

/// <summary>An index beside the primary key.</summary>
internal sealed record IndexModel(string Name, string Columns, bool IsUnique);
