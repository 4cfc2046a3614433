using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A difference between the live schema and this build's.</summary>
/// <param name="Object">What differs: its kind and name.</param>
/// <param name="Problem">How it differs.</param>
/// <param name="Fix">SQL that makes it what this build expects. Where rows would be lost, a comment says how many.</param>
internal sealed record SchemaDrift(string Object, DriftKind Problem, string Fix)
{
    /// <summary>Compares the live schema with that of a migration, by default this build's. The fixes come in the order to run them.</summary>
    public static async Task<IReadOnlyList<SchemaDrift>> FindAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken, IReadOnlyList<SchemaObject>? expected = null)
    {
        var comparison = new SchemaComparison(
            expected ?? SchemaCatalog.ReadExpected(), await SchemaCatalog.ReadAsync(connection, cancellationToken));
        var drift = new List<SchemaDrift>();
        foreach (var (part, problem, repair) in comparison.Find())
        {
            drift.Add(new SchemaDrift($"{part.Kind} {part.Name}", problem, await repair.WriteAsync(connection, cancellationToken)));
        }

        return drift;
    }

    /// <summary>Describes the difference, such as <c>index movies.ix_movies_title is missing</c>.</summary>
    public string Describe() => Problem switch
    {
        DriftKind.Missing => $"{Object} is missing",
        DriftKind.Extra => $"{Object} is extra",
        _ => $"{Object} is different",
    };
}

/// <summary>Finds the differences between two schemas, and renamed objects.</summary>
internal sealed class SchemaComparison(IReadOnlyList<SchemaObject> expected, IReadOnlyList<SchemaObject> live)
{
    // In the order of dependencies.
    private static readonly string[] Order =
        ["extension", "collation", "function", "table", "column", "constraint", "index", "trigger"];

    // The history tables of Flyway, Liquibase, Django, Rails and Alembic.
    private static readonly HashSet<string> OtherHistories =
    [
        "flyway_schema_history", "databasechangelog", "databasechangeloglock", "django_migrations", "schema_migrations", "ar_internal_metadata",
        "alembic_version",
    ];

    private readonly HashSet<(string, string)> _expectedKeys = [.. expected.Select(part => (part.Kind, part.Name))];
    private readonly Dictionary<(string, string), SchemaObject> _liveByKey = live.ToDictionary(part => (part.Kind, part.Name));

    /// <summary>The differences, in the order to repair them.</summary>
    public IEnumerable<(SchemaObject Part, DriftKind Problem, DriftRepair Repair)> Find()
    {
        var missing = expected
            .Where(part => !_liveByKey.ContainsKey((part.Kind, part.Name)) && !IsPartOfMissingTable(part, _liveByKey.ContainsKey)).ToList();

        // Ignores added extensions, such as one for statistics, and the history tables of other tools, which do no harm.
        var extra = live
            .Where(part => !_expectedKeys.Contains((part.Kind, part.Name)) && !IsPartOfMissingTable(part, _expectedKeys.Contains)
                && part.Kind != "extension" && !(part.Kind == "table" && OtherHistories.Contains(part.Name))).ToList();
        var perhaps = missing
            .SelectMany(part => extra.Where(other => IsSameButName(part, other)).Select(other => (Wanted: part, Found: other)))
            .ToLookup(pair => (IsOnlyPair(pair, missing, extra), pair.Wanted.Kind == "table"));
        var renamed = perhaps[(true, true)].Concat(perhaps[(true, false)]).ToList();
        foreach (var (wanted, found) in renamed)
        {
            yield return (wanted, DriftKind.Missing, DriftRepair.Rename(found, wanted, expected));
        }

        var unclear = perhaps[(false, true)].Concat(perhaps[(false, false)]).ToList();
        foreach (var part in expected.Except(renamed.Select(pair => pair.Wanted)).OrderBy(part => Array.IndexOf(Order, part.Kind)))
        {
            var names = unclear.Where(pair => pair.Wanted == part).Select(pair => pair.Found.Name).ToList();
            if (names.Count > 0)
            {
                yield return (
                    part, DriftKind.Missing, DriftRepair.Look($"{part.Name} may be {string.Join(" or ", names)} by now: look, then rename"));
            }
            else if (missing.Contains(part))
            {
                yield return (part, DriftKind.Missing, DriftRepair.Create(part, expected));
            }
            else if (_liveByKey.GetValueOrDefault((part.Kind, part.Name)) is { } found && found.Definition != part.Definition)
            {
                yield return (part, DriftKind.Different, DriftRepair.Change(part, found, expected, live));
            }
        }

        foreach (var part in extra.Except(renamed.Select(pair => pair.Found)))
        {
            var names = unclear.Where(pair => pair.Found == part).Select(pair => pair.Wanted.Name).ToList();
            yield return (part, DriftKind.Extra, names.Count > 0
                ? DriftRepair.Look($"{part.Name} may be what {string.Join(" or ", names)} was: look, then rename")
                : DriftRepair.Drop(part));
        }
    }

    private bool IsOnlyPair(
        (SchemaObject Wanted, SchemaObject Found) pair, List<SchemaObject> missing, List<SchemaObject> extra) =>
        missing.Count(part => IsSameButName(part, pair.Found)) == 1 && extra.Count(part => IsSameButName(pair.Wanted, part)) == 1;

    // Parts are compared within their table. A table is the same if its columns are.
    private bool IsSameButName(SchemaObject wanted, SchemaObject found) => wanted.Kind == found.Kind && wanted.Kind switch
    {
        "table" => Columns(expected, wanted).SetEquals(Columns(live, found)),
        "column" or "constraint" or "index" or "trigger" => wanted.Table == found.Table
            && WithoutName(wanted, wanted.Part) == WithoutName(found, found.Part),
        "collation" => WithoutName(wanted, wanted.Name) == WithoutName(found, found.Name),
        _ => false,
    };

    private static string WithoutName(SchemaObject part, string name) =>
        part.Kind is "column" or "constraint" ? part.Definition : part.Definition.Replace(name, "", StringComparison.Ordinal);

    private static HashSet<string> Columns(IReadOnlyList<SchemaObject> schema, SchemaObject table) =>
        [.. schema.Where(part => part.Kind == "column" && part.Table == table.Name).Select(part => $"{part.Part} {part.Definition}")];

    // Only the table is reported: a list of its columns would hide that.
    private static bool IsPartOfMissingTable(SchemaObject part, Func<(string, string), bool> isThere) =>
        part.Kind is "column" or "constraint" or "index" or "trigger" or "rule" or "policy" && !isThere(("table", part.Table));
}

/// <summary>How a part of the live schema differs from this build's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftKind>))]
internal enum DriftKind
{
    [JsonStringEnumMemberName("missing")]
    Missing,
    [JsonStringEnumMemberName("different")]
    Different,

    /// <summary>In the database and not in this build.</summary>
    [JsonStringEnumMemberName("extra")]
    Extra,
}

/// <summary>Checks after a migration that the schema is that of this build.</summary>
internal static class SchemaCheck
{
    /// <exception cref="UserErrorException">Something is missing or different. Extra objects are only reported.</exception>
    public static async Task RequireAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var drift = await SchemaDrift.FindAsync(connection, cancellationToken);
        foreach (var extra in drift.Where(difference => difference.Problem == DriftKind.Extra))
        {
            context.Log.LogWarning("{Object} is not of this build.", extra.Object);
        }

        if (drift.FirstOrDefault(difference => difference.Problem != DriftKind.Extra) is { } wrong)
        {
            throw new UserErrorException(
                $"The schema is not this build's, although every migration was applied: {wrong.Describe()}. "
                + "Run verify to see every difference and the SQL that fixes it.");
        }
    }
}
