using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Plans the steps from the state of a database to a migration.</summary>
internal static class MigrationPlan
{
    /// <summary>The name of the point before the first migration.</summary>
    public const string Nothing = "nothing";

    /// <summary>The steps to this build: all pending migrations.</summary>
    public static IReadOnlyList<MigrationStep> ToLatest(MigrationState state) =>
        [.. Steps(state.Pending, isUp: true)];

    /// <summary>The steps up to and including the migration, or down to it.</summary>
    /// <param name="state">The migrations of the database.</param>
    /// <param name="name">A migration's id, its name without the time, or <see cref="Nothing"/>.</param>
    /// <exception cref="UserErrorException">
    /// There is no such migration, or the steps include one that this build does not know.
    /// </exception>
    public static IReadOnlyList<MigrationStep> To(MigrationState state, string name)
    {
        var target = FindId(state, name);
        var down = state.Scripts.Where(script => state.Applied.Contains(script.Id) && IsAfter(script.Id, target)).Reverse();
        var up = state.Pending.Where(script => !IsAfter(script.Id, target));
        RequireKnown(state.Unknown.Where(id => IsAfter(id, target)));
        return [.. Steps(down, isUp: false), .. Steps(up, isUp: true)];
    }

    /// <summary>The last <paramref name="count"/> applied migrations, newest first.</summary>
    /// <exception cref="UserErrorException">This build does not know one of them.</exception>
    public static IReadOnlyList<MigrationStep> Rollback(MigrationState state, int count)
    {
        var last = state.Scripts.Where(script => state.Applied.Contains(script.Id)).Reverse().Take(count);
        RequireKnown(state.Unknown);
        return [.. Steps(last, isUp: false)];
    }

    private static IEnumerable<MigrationStep> Steps(IEnumerable<MigrationScript> scripts, bool isUp) =>
        scripts.Select(script => new MigrationStep(script, isUp));

    private static void RequireKnown(IEnumerable<string> inTheWay)
    {
        if (inTheWay.ToList() is { Count: > 0 } unknown)
        {
            throw new UserErrorException(
                $"A newer build applied {string.Join(", ", unknown)}, which only that build can roll back; "
                + "use it, or restore a backup from before.");
        }
    }

    /// <summary>Resolves an id or a name to the id of a migration; empty for <see cref="Nothing"/>.</summary>
    /// <exception cref="UserErrorException">There is no such migration.</exception>
    public static string FindId(MigrationState state, string name)
    {
        if (name == Nothing)
        {
            return "";
        }

        var found = state.Scripts.Where(script => script.Id == name || GetName(script.Id) == name).ToList();
        return found.Count == 1
            ? found[0].Id
            : throw new UserErrorException(
                $"There is no migration '{name}'. "
                + $"This build has: {Nothing}, {string.Join(", ", state.Scripts.Select(script => script.Id))}.");
    }

    private static string GetName(string id) => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private static bool IsAfter(string id, string target) => string.CompareOrdinal(id, target) > 0;
}

/// <summary>A migration and the direction in which to run it.</summary>
internal sealed record MigrationStep(MigrationScript Script, bool IsUp)
{
    public string Sql => IsUp ? Script.Up : Script.Down;

    public string Direction => IsUp ? "up" : "down";

    /// <summary>False if it builds indexes concurrently, which is not allowed in a transaction.</summary>
    public bool IsTransactional => !ConcurrentIndexes.Has(Sql);

    /// <summary>
    /// Records the step in the worker's own table; the script itself writes EF Core's history. For a step down, it runs before the script,
    /// because the script of the first migration drops the table.
    /// </summary>
    public string Record => IsUp
        ? $"INSERT INTO applied_migrations (migration_id, checksum) VALUES ('{Script.Id}', '{Script.Checksum}') "
            + "ON CONFLICT (migration_id) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at"
        : $"DELETE FROM applied_migrations WHERE migration_id = '{Script.Id}'";
}
