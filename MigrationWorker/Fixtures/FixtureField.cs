namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>What a field holds; JSON's own types where they fit, otherwise text in ISO 8601.</summary>
internal enum FixtureType
{
    Text,
    Boolean,
    SmallInt,
    Integer,
    BigInt,
    Numeric,
    Date,
    Timestamp,
}

/// <summary>A property of a record: its name in the file and in the staging table, and the SQL that a dump takes it from.</summary>
internal sealed record FixtureField(string Name, FixtureType Type, string Expression);

/// <summary>A column that a table's records carry as it is; the default is SQL for a record that leaves it out, null where the column may be null.</summary>
internal sealed record FixtureColumn(string Name, FixtureType Type, string? Default = null)
{
    /// <summary>Left out of a dump unless asked for by name.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Times and counters that the database keeps; a load sets them on new rows only.</summary>
    public bool IsBookkeeping { get; init; }

    public FixtureField Field => new(Name, Type, $"t.{Name}");
}
