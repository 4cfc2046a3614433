namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>How a table's rows are written as records, and read back.</summary>
internal sealed record FixtureTable(string Name)
{
    /// <summary>Foreign keys; all of them are part of what tells one row from another.</summary>
    public FixtureReference[] References { get; init; } = [];

    public FixtureColumn[] Columns { get; init; } = [];

    /// <summary>Names of the columns that, with the references, tell one row from another.</summary>
    public string[] Key { get; init; } = [];

    /// <summary>Columns that are unique by themselves, besides the natural key.</summary>
    public string[] AlsoUnique { get; init; } = [];

    /// <summary>What neither a CHECK nor a key states: SQL over the record that is true when it breaks a rule, and what to say then.</summary>
    public (string Broken, string Reason)[] Rules { get; init; } = [];

    /// <summary>Whether the rows have a key of their own, which the database gives.</summary>
    public bool HasId { get; init; }

    /// <summary>Left out of a dump unless asked for by name.</summary>
    public bool IsSecret { get; init; }

    /// <summary>All that a record may hold, in the order in which a dump writes it.</summary>
    public IReadOnlyList<FixtureField> Fields =>
        [.. References.SelectMany(reference => reference.Fields), .. Columns.Select(column => column.Field)];

    /// <summary>The natural key, by which a dump is sorted.</summary>
    public IReadOnlyList<FixtureField> KeyFields =>
        [.. References.SelectMany(reference => reference.Fields), .. Columns.Where(column => Key.Contains(column.Name)).Select(column => column.Field)];
}
