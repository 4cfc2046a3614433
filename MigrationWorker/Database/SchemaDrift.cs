using Microsoft.Extensions.Logging;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A difference between the live schema and this build's.</summary>
/// <param name="Object">What differs: its kind and name.</param>
/// <param name="Problem"><see cref="Missing"/>, <see cref="Different"/> or <see cref="Extra"/>.</param>
/// <param name="Mend">SQL that makes it what this build expects.</param>
internal sealed record Drift(string Object, string Problem, string Mend)
{
    public const string Missing = "missing";
    public const string Different = "different";
    public const string Extra = "extra";

    public static IReadOnlyList<Drift> Find(IReadOnlyList<SchemaObject> expected, IReadOnlyList<SchemaObject> live)
    {
        var liveByKey = live.ToDictionary(part => (part.Kind, part.Name));
        var expectedByKey = expected.ToDictionary(part => (part.Kind, part.Name));
        return
        [
            .. from part in expected
               let found = liveByKey.GetValueOrDefault((part.Kind, part.Name))
               where found?.Definition != part.Definition && !IsPartOfMissingTable(part, liveByKey)
               select found is null
                   ? new Drift($"{part.Kind} {part.Name}", Missing, DriftRepair.Create(part, expected))
                   : new Drift($"{part.Kind} {part.Name}", Different, DriftRepair.Change(part, found)),
            .. from part in live
               where !expectedByKey.ContainsKey((part.Kind, part.Name)) && !IsPartOfMissingTable(part, expectedByKey)
               select new Drift($"{part.Kind} {part.Name}", Extra, DriftRepair.Drop(part)),
        ];
    }

    // The table itself is reported; each of its columns would only hide that.
    private static bool IsPartOfMissingTable(SchemaObject part, Dictionary<(string, string), SchemaObject> others) =>
        part.Kind is "column" or "constraint" or "index" or "trigger" && !others.ContainsKey(("table", part.Table));
}

/// <summary>Makes sure after a migration that the schema is the one that this build was written for.</summary>
internal static class SchemaCheck
{
    /// <exception cref="UserErrorException">Something is missing or different. What is there in addition is only reported.</exception>
    public static async Task RequireAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var drift = Drift.Find(SchemaCatalog.OfThisBuild(), await SchemaCatalog.ReadAsync(connection, cancellationToken));
        foreach (var extra in drift.Where(difference => difference.Problem == Drift.Extra))
        {
            context.Log.LogWarning("{Object} is not of this build.", extra.Object);
        }

        if (drift.FirstOrDefault(difference => difference.Problem != Drift.Extra) is { } wrong)
        {
            throw new UserErrorException(
                $"The schema is not this build's, although every migration was applied: {wrong.Object} is {wrong.Problem}. Run verify to see all and how to mend them.");
        }
    }
}
