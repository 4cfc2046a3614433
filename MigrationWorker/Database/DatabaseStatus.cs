using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Import.Staging;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Where a database stands, in what can be told at once.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Server">The server's version.</param>
/// <param name="Applied">Migrations that it has had, oldest first.</param>
/// <param name="Pending">Migrations of this build that it has not had.</param>
/// <param name="Unknown">Migrations that this build does not know.</param>
/// <param name="Changed">Migrations that were changed after they were applied.</param>
/// <param name="Drift">Differences of the live schema from this build's; not looked for while something is pending or unknown.</param>
/// <param name="UnfinishedImport">The data set of an import that was broken off or is still running; null where there is none. It is no drift.</param>
internal sealed record DatabaseStatus(
    string Database,
    string Server,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Pending,
    IReadOnlyList<string> Unknown,
    IReadOnlyList<string> Changed,
    IReadOnlyList<Drift> Drift,
    string? UnfinishedImport)
{
    public bool IsCurrent => Pending.Count == 0 && Changed.Count == 0 && Drift.Count == 0;

    public static async Task<DatabaseStatus> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var drift = state.Pending.Count == 0 && state.Unknown.Count == 0
            ? MigrationWorker.Database.Drift.Find(SchemaCatalog.OfThisBuild(), await SchemaCatalog.ReadAsync(connection, cancellationToken))
            : [];
        return new DatabaseStatus(
            connection.Database, connection.PostgreSqlVersion.ToString(), state.Applied, [.. state.Pending.Select(script => script.Id)], state.Unknown, state.Changed, drift,
            await StagingArea.DataSetAsync(connection, cancellationToken));
    }
}
