using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Compares the applied migrations of a database with those of this build.</summary>
/// <param name="Scripts">The migrations of this build, oldest first.</param>
/// <param name="Applied">Ids in EF Core's history, oldest first.</param>
/// <param name="Checksums">Checksums of the scripts that the worker ran, by id.</param>
internal sealed record MigrationState(
    IReadOnlyList<MigrationScript> Scripts, IReadOnlyList<string> Applied, IReadOnlyDictionary<string, string> Checksums)
{
    /// <summary>Migrations of this build that are not applied, oldest first.</summary>
    public IReadOnlyList<MigrationScript> Pending { get; } = [.. Scripts.Where(script => !Applied.Contains(script.Id))];

    /// <summary>Applied migrations that this build does not have; a newer build applied them.</summary>
    public IReadOnlyList<string> Unknown { get; } = [.. Applied.Where(id => Scripts.All(script => script.Id != id))];

    /// <summary>Applied with other SQL than this build has.</summary>
    public IReadOnlyList<string> Changed { get; } =
        [.. Scripts.Where(
            script => Checksums.TryGetValue(script.Id, out var checksum) && checksum != script.Checksum).Select(script => script.Id)];

    /// <summary>In EF Core's history, but not run by this worker.</summary>
    public IReadOnlyList<string> NotRecorded { get; } =
        [.. Applied.Where(id => !Checksums.ContainsKey(id) && Scripts.Any(script => script.Id == id))];

    public static Task<MigrationState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection, MigrationScript.All, cancellationToken);

    /// <summary>For tests: compares with other migrations than those of this build.</summary>
    public static async Task<MigrationState> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        List<string> applied = await ExistsAsync(connection, "\"__EFMigrationsHistory\"", cancellationToken)
            ? await connection.ListAsync<string>("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1", cancellationToken)
            : [];
        var checksums = await ExistsAsync(connection, "applied_migrations", cancellationToken)
            ? await connection
                .QueryAsync(
                    "SELECT migration_id, checksum::text FROM applied_migrations", row =>
                        (row.GetString(0), row.GetString(1)), cancellationToken)
                .ToDictionaryAsync(row => row.Item1, row => row.Item2, cancellationToken: cancellationToken)
            : [];
        return new MigrationState(scripts, applied, checksums);
    }

    /// <summary>Returns the current migration, which must be the latest of this build.</summary>
    /// <exception cref="UserErrorException">It is another one.</exception>
    public static async Task<string> RequireCurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(connection, cancellationToken);
        if (state.Pending.Count > 0)
        {
            throw new UserErrorException(
                $"The database lacks the migration {state.Pending[0].Id}. Apply what is pending first: run the command 'up'.");
        }

        return state.Unknown.Count == 0
            ? state.Applied[^1]
            : throw new UserErrorException(
                $"The database is at migration {state.Unknown[^1]}, which this build does not know. Use the build that made it, or a "
                + "newer one.");
    }

    private static Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", cancellationToken, table);
}
