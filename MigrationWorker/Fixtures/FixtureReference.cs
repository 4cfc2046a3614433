namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>A foreign key, written as the natural key of the row that it points to, so that a record means the same in every database.</summary>
/// <param name="Column">The foreign key's column.</param>
/// <param name="Noun">What it points to, in messages.</param>
/// <param name="Id">SQL of the key within <paramref name="Target"/>.</param>
/// <param name="Target">Tables that it leads to, as the right side of a join.</param>
/// <param name="Fields">The natural key. In a join from the staging table "s", each equals the expression of its field.</param>
internal sealed record FixtureReference(string Column, string Noun, string Id, string Target, params FixtureField[] Fields)
{
    public static readonly FixtureReference Movie = new(
        "movie_id", "film", "m.id", "movies m", new("movie", FixtureType.Text, "m.title"), new("release_date", FixtureType.Date, "m.release_date"));

    public static readonly FixtureReference Genre = new(
        "genre_id", "genre", "g.id", "genres g", new FixtureField("genre", FixtureType.Text, "g.name"));

    public static readonly FixtureReference User = new(
        "user_id", "user", "u.id", "users u", new FixtureField("user", FixtureType.Text, "u.normalized_user_name"));

    public static readonly FixtureReference Role = new(
        "role_id", "role", "r.id", "roles r", new FixtureField("role", FixtureType.Text, "r.normalized_name"));

    public static readonly FixtureReference Review = new(
        "review_id", "review", "w.id", "(reviews w JOIN users a ON a.id = w.user_id JOIN movies m ON m.id = w.movie_id)",
        new("author", FixtureType.Text, "a.normalized_user_name"), new("movie", FixtureType.Text, "m.title"), new("release_date", FixtureType.Date, "m.release_date"));

    /// <summary>From the table's own row "t".</summary>
    public string DumpJoin => $"JOIN {Target} ON {Id} = t.{Column}";

    /// <summary>From the staging table's row "s".</summary>
    public string LoadJoin => $"JOIN {Target} ON {Match}";

    /// <summary>True when the row of <see cref="Target"/> is the one that the record "s" names.</summary>
    public string Match => string.Join(" AND ", Fields.Select(part => $"{part.Expression} = s.\"{part.Name}\""));
}
