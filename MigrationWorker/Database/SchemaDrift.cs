using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A difference between the live schema and this build's.</summary>
/// <param name="Object">What differs: its kind and name.</param>
/// <param name="Problem">How it differs.</param>
/// <param name="Fix">SQL that makes it what this build expects.</param>
internal sealed record SchemaDrift(string Object, DriftKind Problem, string Fix)
{
    public static IReadOnlyList<SchemaDrift> Find(IReadOnlyList<SchemaObject> expected, IReadOnlyList<SchemaObject> live)
    {
        var liveByKey = live.ToDictionary(part => (part.Kind, part.Name));
        var expectedByKey = expected.ToDictionary(part => (part.Kind, part.Name));
        return
        [
            .. from part in expected
               let found = liveByKey.GetValueOrDefault((part.Kind, part.Name))
               where found?.Definition != part.Definition && !IsPartOfMissingTable(part, liveByKey)
               select found is null
                   ? new SchemaDrift($"{part.Kind} {part.Name}", DriftKind.Missing, DriftRepair.Create(part, expected))
                   : new SchemaDrift($"{part.Kind} {part.Name}", DriftKind.Different, DriftRepair.Change(part, found)),
            .. from part in live
               where !expectedByKey.ContainsKey((part.Kind, part.Name)) && !IsPartOfMissingTable(part, expectedByKey)
               select new SchemaDrift($"{part.Kind} {part.Name}", DriftKind.Extra, DriftRepair.Drop(part)),
        ];
    }

    /// <summary>Says what differs and how, such as <c>index movies.ix_movies_title is missing</c>.</summary>
    public string Describe() => Problem switch
    {
        DriftKind.Missing => $"{Object} is missing",
        DriftKind.Extra => $"{Object} is extra",
        _ => $"{Object} is different",
    };

    // The table itself is reported; each of its columns would only hide that.
    private static bool IsPartOfMissingTable(SchemaObject part, Dictionary<(string, string), SchemaObject> others) =>
        part.Kind is "column" or "constraint" or "index" or "trigger" && !others.ContainsKey(("table", part.Table));
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

/// <summary>Makes sure after a migration that the schema is the one that this build was written for.</summary>
internal static class SchemaCheck
{
    /// <exception cref="UserErrorException">Something is missing or different. What is there in addition is only reported.</exception>
    public static async Task RequireAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var drift = SchemaDrift.Find(SchemaCatalog.ReadExpected(), await SchemaCatalog.ReadAsync(connection, cancellationToken));
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
