namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Describes how a table's rows are written as records, and read back.</summary>
internal sealed record FixtureTable(string Name)
{
    /// <summary>Foreign keys; all of them are part of the natural key.</summary>
    public FixtureReference[] References { get; init; } = [];

    public FixtureColumn[] Columns { get; init; } = [];

    /// <summary>Names of the columns that, with the references, form the natural key.</summary>
    public string[] Key { get; init; } = [];

    /// <summary>Columns that are unique by themselves, besides the natural key.</summary>
    public string[] AlsoUnique { get; init; } = [];

    /// <summary>Rules that neither a CHECK nor a key expresses: SQL that is true if the record breaks the rule, and the message.</summary>
    public (string Broken, string Reason)[] Rules { get; init; } = [];

    /// <summary>Whether the rows have a surrogate key, which the database generates.</summary>
    public bool HasId { get; init; }

    /// <summary>Excluded from a dump unless named.</summary>
    public bool IsSecret { get; init; }

    /// <summary>All fields of a record, in the order of a dump.</summary>
    public IReadOnlyList<FixtureField> Fields =>
        [.. References.SelectMany(reference => reference.Fields), .. Columns.Select(column => column.Field)];

    /// <summary>The natural key, by which a dump is sorted.</summary>
    public IReadOnlyList<FixtureField> KeyFields =>
        [
            .. References.SelectMany(reference => reference.Fields),
            .. Columns.Where(column => Key.Contains(column.Name)).Select(column => column.Field),
        ];
}

/// <summary>The type of a field. Uses JSON's own types where they fit, otherwise text in ISO 8601.</summary>
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

/// <summary>A property of a record: its name in the file and in the staging table, and its SQL expression for a dump.</summary>
internal sealed record FixtureField(string Name, FixtureType Type, string Expression)
{
    /// <summary>Text that identifies a row: one line, trimmed and composed, so that texts that look the same are equal.</summary>
    public bool IsLine { get; init; }

    /// <summary>The field whose value this one holds in upper case, as Identity looks it up.</summary>
    public string? UpperCaseOf { get; init; }
}

/// <summary>A column that records contain unchanged. The default is SQL for records without it; null if the column is nullable.</summary>
internal sealed record FixtureColumn(string Name, FixtureType Type, string? Default = null)
{
    /// <summary>Excluded from a dump unless named.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Times and counters that the database maintains. A load sets them on new rows only.</summary>
    public bool IsBookkeeping { get; init; }

    /// <inheritdoc cref="FixtureField.IsLine"/>
    public bool IsLine { get; init; }

    /// <inheritdoc cref="FixtureField.UpperCaseOf"/>
    public string? UpperCaseOf { get; init; }

    /// <summary>A time that may be infinity.</summary>
    public bool MayBeInfinite { get; init; }

    public FixtureField Field => new(Name, Type, $"t.{Name}") { IsLine = IsLine, UpperCaseOf = UpperCaseOf };
}

/// <summary>A foreign key, written as the natural key of the referenced row, so that a record means the same in every database.</summary>
/// <param name="Column">The foreign key's column.</param>
/// <param name="Noun">What it references, for messages.</param>
/// <param name="Id">SQL of the key within <paramref name="Target"/>.</param>
/// <param name="Target">The referenced tables, as the right side of a join.</param>
/// <param name="Fields">The natural key. In a join from the staging table "s", each equals the expression of its field.</param>
internal sealed record FixtureReference(string Column, string Noun, string Id, string Target, params FixtureField[] Fields)
{
    public static readonly FixtureReference Movie = new(
        "movie_id", "movie", "m.id", "movies m",
        new("movie", FixtureType.Text, "m.title") { IsLine = true }, new("release_date", FixtureType.Date, "m.release_date"));

    public static readonly FixtureReference Genre = new(
        "genre_id", "genre", "g.id", "genres g", new FixtureField("genre", FixtureType.Text, "g.name") { IsLine = true });

    public static readonly FixtureReference User = new(
        "user_id", "user", "u.id", "users u", new FixtureField("user", FixtureType.Text, "u.normalized_user_name"));

    public static readonly FixtureReference Role = new(
        "role_id", "role", "r.id", "roles r", new FixtureField("role", FixtureType.Text, "r.normalized_name"));

    public static readonly FixtureReference Review = new(
        "review_id", "review", "w.id", "(reviews w JOIN users a ON a.id = w.user_id JOIN movies m ON m.id = w.movie_id)",
        new("author", FixtureType.Text, "a.normalized_user_name"),
        new("movie", FixtureType.Text, "m.title") { IsLine = true }, new("release_date", FixtureType.Date, "m.release_date"));

    /// <summary>From the table's own row "t".</summary>
    public string DumpJoin => $"JOIN {Target} ON {Id} = t.{Column}";

    /// <summary>From the staging table's row "s".</summary>
    public string LoadJoin => $"JOIN {Target} ON {Match}";

    /// <summary>True when the row of <see cref="Target"/> is the one that the record "s" names.</summary>
    public string Match => string.Join(" AND ", Fields.Select(part => $"{part.Expression} = s.\"{part.Name}\""));
}
