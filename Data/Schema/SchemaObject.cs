namespace MovieAspire.Data.Schema;

/// <summary>A part of a database's schema, as the server describes it.</summary>
/// <param name="Kind">For example <c>table</c>, <c>column</c>, <c>index</c>.</param>
/// <param name="Name">Within its kind unique; a part of a table is named <c>table.part</c>.</param>
/// <param name="Definition">What tells it from another of that name: mostly the statement that makes it.</param>
public sealed record SchemaObject(string Kind, string Name, string Definition)
{
    /// <summary>The table of a part of a table.</summary>
    public string Table => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>The name within the table.</summary>
    public string Part => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
