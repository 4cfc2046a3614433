using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Fixtures are read and written at this build's own schema only.</summary>
internal static class SchemaGuard
{
    /// <summary>Gives the migration that the database is at.</summary>
    /// <exception cref="UserErrorException">It is not the latest of this build.</exception>
    public static async Task<string> RequireCurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        if (state.Pending.Count > 0)
        {
            throw new UserErrorException($"The database lacks the migration {state.Pending[0].Id}. Apply what is pending first: run the command 'up'.");
        }

        return state.Unknown.Count == 0
            ? MigrationScript.LatestId
            : throw new UserErrorException($"The database is at migration {state.Unknown[^1]}, which this build does not know. Use the build that made it, or a newer one.");
    }
}
