using System.CommandLine;
using System.Text.Json;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Proves that a database is what this build expects, data included.</summary>
internal sealed class VerifyCommand : WorkerCommand
{
    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public VerifyCommand()
        : base("verify", "Checks migrations, schema, constraints and every aggregate against its rows. Exits 1 when something is wrong.") =>
        Options.Add(_json);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        Verification result;
        if (arguments.GetValue(_json))
        {
            result = await Verification.RunAsync(connection, cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(result, WorkerJson.Readable.Verification));
        }
        else
        {
            using (new Progress(context.Log, "Verifying"))
            {
                result = await Verification.RunAsync(connection, cancellationToken);
            }

            Write(result);
        }

        return result.IsGood ? ExitCode.Ok : ExitCode.No;
    }

    private static void Write(Verification result)
    {
        Write("migrations", "as in this build", result.Migrations);
        Write("schema", "as in this build", [.. result.Drift.Select(drift => $"{drift.Describe()}; fix: {drift.Fix}")]);
        Write("constraints", "valid", result.Invalid);
        Write("aggregates", "exact", result.Aggregates);
    }

    private static void Write(string what, string good, IReadOnlyList<string> findings)
    {
        Console.WriteLine($"{what,-12} {(findings.Count == 0 ? good : $"{findings.Count} wrong")}");
        foreach (var finding in findings)
        {
            Console.WriteLine($"  {finding}");
        }
    }
}

/// <summary>What was found wrong with a database.</summary>
/// <param name="Migrations">Migrations that are pending, unknown, changed since, or not recorded.</param>
/// <param name="Drift">Differences of the live schema from this build's.</param>
/// <param name="Invalid">Constraints and indexes that are not valid.</param>
/// <param name="Aggregates">Stored counts that differ from their rows.</param>
internal sealed record Verification(
    IReadOnlyList<string> Migrations, IReadOnlyList<SchemaDrift> Drift, IReadOnlyList<string> Invalid, IReadOnlyList<string> Aggregates)
{
    /// <summary>SQL that lists constraints and indexes that are not valid.</summary>
    public const string InvalidObjects = """
        SELECT format('constraint %s of %s is not validated; run: ALTER TABLE %s VALIDATE CONSTRAINT %I;',
                conname, conrelid::regclass, conrelid::regclass, conname)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND NOT convalidated
        UNION ALL
        SELECT format('index %s is invalid; run: REINDEX INDEX CONCURRENTLY %s;', indexrelid::regclass, indexrelid::regclass)
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace AND NOT indisvalid
        """;

    private const string WrongAggregates =
        "SELECT format('%s of %s is %s and should be %s', aggregate, id, coalesce(stored, 'missing'), actual) "
        + "FROM wrong_aggregates() LIMIT 100";

    public bool IsGood => Migrations.Count == 0 && Drift.Count == 0 && Invalid.Count == 0 && Aggregates.Count == 0;

    public static async Task<Verification> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var drift = SchemaDrift.Find(SchemaCatalog.ReadExpected(), await SchemaCatalog.ReadAsync(connection, cancellationToken));

        // Without its function and tables there is nothing to ask; that they are missing is drift.
        var canCount = !drift.Any(
            difference => difference.Problem == DriftKind.Missing && difference.Object.Split(' ')[0] is "table" or "column" or "function");
        return new Verification(
            [.. Describe(state)],
            drift,
            await connection.ListAsync<string>(InvalidObjects, cancellationToken),
            canCount ? await connection.ListAsync<string>(WrongAggregates, cancellationToken) : []);
    }

    private static IEnumerable<string> Describe(MigrationState state) =>
        state.Pending.Select(script => $"{script.Id} is pending; run up")
            .Concat(state.Unknown.Select(id => $"{id} is not known to this build; a newer build applied it"))
            .Concat(state.Changed.Select(id => $"{id} was changed after it was applied; restore the file, or write a new migration"))
            .Concat(state.NotRecorded.Select(id => $"{id} was applied by another tool, so what it ran is not known"));
}
