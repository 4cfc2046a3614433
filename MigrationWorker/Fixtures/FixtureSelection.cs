using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>A table of a dump and the columns to write.</summary>
internal sealed record FixtureSelection(FixtureTable Table, IReadOnlyList<FixtureField> Fields)
{
    /// <summary>Chooses the content of a dump.</summary>
    /// <param name="tables">Names of tables; none means all that are not secret.</param>
    /// <param name="secrets">Names of secret columns (<c>users.password_hash</c>) and tables to include, too.</param>
    /// <exception cref="UserErrorException">A name is unknown.</exception>
    public static IReadOnlyList<FixtureSelection> Choose(IReadOnlyCollection<string> tables, IReadOnlyCollection<string> secrets)
    {
        Refuse("table", tables.Except(FixtureTables.All.Select(table => table.Name)), FixtureTables.All.Select(table => table.Name));
        Refuse("secret", secrets.Except(Secrets()), Secrets());
        return
        [
            .. FixtureTables.All
                .Where(table => tables.Contains(table.Name) || secrets.Contains(table.Name) || (tables.Count == 0 && !table.IsSecret))
                .Select(table => new FixtureSelection(table, [.. Choose(table, secrets)])),
        ];
    }

    /// <summary>The secrets, which a dump contains only if they are named.</summary>
    public static IEnumerable<string> Secrets() => FixtureTables.All.SelectMany(table => table.IsSecret
        ? [table.Name]
        : table.Columns.Where(column => column.IsSecret).Select(column => $"{table.Name}.{column.Name}"));

    private static IEnumerable<FixtureField> Choose(FixtureTable table, IReadOnlyCollection<string> secrets)
    {
        var hidden = table.Columns.Where(column => column.IsSecret && !secrets.Contains($"{table.Name}.{column.Name}")).Select(
            column => column.Name);
        return table.Fields.ExceptBy(hidden, field => field.Name);
    }

    private static void Refuse(string what, IEnumerable<string> unknown, IEnumerable<string> known)
    {
        if (unknown.FirstOrDefault() is { } name)
        {
            throw new UserErrorException($"There is no {what} '{name}'; there are: {string.Join(", ", known)}.");
        }
    }
}
