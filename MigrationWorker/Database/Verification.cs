using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>What was found wrong with a database.</summary>
/// <param name="Migrations">Migrations that are pending, unknown, changed since, or not recorded.</param>
/// <param name="Drift">Differences of the live schema from this build's.</param>
/// <param name="Invalid">Constraints and indexes that PostgreSQL does not vouch for.</param>
/// <param name="Aggregates">Stored counts that differ from their rows.</param>
internal sealed record Verification(
    IReadOnlyList<string> Migrations, IReadOnlyList<Drift> Drift, IReadOnlyList<string> Invalid, IReadOnlyList<string> Aggregates)
{
    private const string InvalidObjects = """
        SELECT format('constraint %s of %s is not validated; run: ALTER TABLE %s VALIDATE CONSTRAINT %I;', conname, conrelid::regclass, conrelid::regclass, conname)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND NOT convalidated
        UNION ALL
        SELECT format('index %s is invalid; run: REINDEX INDEX CONCURRENTLY %s;', indexrelid::regclass, indexrelid::regclass)
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace AND NOT indisvalid
        """;

    private const string WrongAggregates =
        "SELECT format('%s of %s is %s and should be %s', aggregate, id, coalesce(stored, 'missing'), actual) FROM wrong_aggregates() LIMIT 100";

    public bool IsGood => Migrations.Count == 0 && Drift.Count == 0 && Invalid.Count == 0 && Aggregates.Count == 0;

    public static async Task<Verification> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var drift = MigrationWorker.Database.Drift.Find(SchemaCatalog.OfThisBuild(), await SchemaCatalog.ReadAsync(connection, cancellationToken));

        // Without its function and tables there is nothing to ask; that they are missing is drift.
        var canCount = !drift.Any(difference => difference.Problem == MigrationWorker.Database.Drift.Missing && difference.Object.Split(' ')[0] is "table" or "column" or "function");
        return new Verification(
            [.. Describe(state)],
            drift,
            await LinesAsync(connection, InvalidObjects, cancellationToken),
            canCount ? await LinesAsync(connection, WrongAggregates, cancellationToken) : []);
    }

    private static IEnumerable<string> Describe(MigrationState state) =>
        state.Pending.Select(script => $"{script.Id} is pending; run up")
            .Concat(state.Unknown.Select(id => $"{id} is not known to this build; a newer build applied it"))
            .Concat(state.Changed.Select(id => $"{id} was changed after it was applied; restore the file, or write a new migration"))
            .Concat(state.NotRecorded.Select(id => $"{id} was applied by another tool, so what it ran is not known"));

    private static async Task<IReadOnlyList<string>> LinesAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        await connection.QueryAsync(sql, row => row.GetString(0), cancellationToken).ToListAsync(cancellationToken);
}
