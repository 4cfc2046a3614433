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

    /// <summary>
    /// What neither a CHECK nor a key states: SQL over the record that is true when it breaks a rule, and what to say then.
    /// </summary>
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
        [
            .. References.SelectMany(reference => reference.Fields),
            .. Columns.Where(column => Key.Contains(column.Name)).Select(column => column.Field),
        ];
}

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
internal sealed record FixtureField(string Name, FixtureType Type, string Expression)
{
    /// <summary>Text by which a row is known: one line, trimmed and composed, so that what looks the same is the same.</summary>
    public bool IsLine { get; init; }

    /// <summary>The field whose value this one holds in upper case, as Identity looks it up.</summary>
    public string? UpperCaseOf { get; init; }
}

/// <summary>
/// A column that a table's records carry as it is; the default is SQL for a record that leaves it out, null where the column may be
/// null.
/// </summary>
internal sealed record FixtureColumn(string Name, FixtureType Type, string? Default = null)
{
    /// <summary>Left out of a dump unless asked for by name.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Times and counters that the database keeps; a load sets them on new rows only.</summary>
    public bool IsBookkeeping { get; init; }

    /// <inheritdoc cref="FixtureField.IsLine"/>
    public bool IsLine { get; init; }

    /// <inheritdoc cref="FixtureField.UpperCaseOf"/>
    public string? UpperCaseOf { get; init; }

    /// <summary>A time that may be infinity, for ever.</summary>
    public bool MayBeInfinite { get; init; }

    public FixtureField Field => new(Name, Type, $"t.{Name}") { IsLine = IsLine, UpperCaseOf = UpperCaseOf };
}

/// <summary>
/// A foreign key, written as the natural key of the row that it points to, so that a record means the same in every database.
/// </summary>
/// <param name="Column">The foreign key's column.</param>
/// <param name="Noun">What it points to, in messages.</param>
/// <param name="Id">SQL of the key within <paramref name="Target"/>.</param>
/// <param name="Target">Tables that it leads to, as the right side of a join.</param>
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
