using Microsoft.Extensions.Logging;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Makes sure after a migration that the schema is the one that this build was written for.</summary>
internal static class SchemaCheck
{
    /// <exception cref="WorkerException">Something is missing or different. What is there in addition is only reported.</exception>
    public static async Task RequireAsync(Session session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var drift = Drift.Find(SchemaCatalog.OfThisBuild(), await SchemaCatalog.ReadAsync(connection, cancellationToken));
        foreach (var extra in drift.Where(difference => difference.Problem == Drift.Extra))
        {
            session.Log.LogWarning("{Object} is not of this build.", extra.Object);
        }

        if (drift.FirstOrDefault(difference => difference.Problem != Drift.Extra) is { } wrong)
        {
            throw new WorkerException(
                $"The schema is not this build's, although every migration was applied: {wrong.Object} is {wrong.Problem}. Run verify to see all and how to mend them.");
        }
    }
}
