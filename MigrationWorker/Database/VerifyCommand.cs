using System.CommandLine;
using System.Text.Json;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Verifies the schema and the data of a database.</summary>
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
            result = await Verification.RunAsync(context, connection, cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(result, WorkerJson.Readable.Verification));
        }
        else
        {
            using (new Progress(context.Log, "Verifying"))
            {
                result = await Verification.RunAsync(context, connection, cancellationToken);
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

/// <summary>The problems of a database.</summary>
/// <param name="Migrations">Migrations that are pending, unknown, changed since, or not recorded.</param>
/// <param name="Drift">Differences of the live schema from this build's.</param>
/// <param name="Invalid">Constraints and indexes that are not valid, identities at their wrong place, and the like.</param>
/// <param name="Aggregates">Stored counts that differ from their rows.</param>
internal sealed record Verification(
    IReadOnlyList<string> Migrations, IReadOnlyList<SchemaDrift> Drift, IReadOnlyList<string> Invalid, IReadOnlyList<string> Aggregates)
{
    private const string WrongAggregates =
        "SELECT format('%s of %s is %s and should be %s', aggregate, id, coalesce(stored, 'missing'), actual) "
        + "FROM wrong_aggregates() LIMIT 100";

    public bool IsGood => Migrations.Count == 0 && Drift.Count == 0 && Invalid.Count == 0 && Aggregates.Count == 0;

    public static async Task<Verification> RunAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var status = await DatabaseStatus.ReadAsync(context, connection, cancellationToken);
        return new Verification(
            [.. Describe(status)], status.Drift, status.Invalid, await CountAsync(connection, status, cancellationToken));
    }

    private static async Task<IReadOnlyList<string>> CountAsync(
        NpgsqlConnection connection, DatabaseStatus status, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ListAsync<string>(WrongAggregates, cancellationToken);
        }
        catch (PostgresException e) when (!status.IsCurrent
            && e.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // Missing functions are reported as drift already.
            return [];
        }
    }

    private static IEnumerable<string> Describe(DatabaseStatus status) =>
        status.Pending.Select(id => $"{id} is pending; run up")
            .Concat(status.Unknown.Select(id => $"{id} is not known to this build; a newer build applied it"))
            .Concat(status.Changed.Select(
                id => $"{id} was changed after it was applied; restore the file, write a new migration, or accept it with repair"))
            .Concat(status.NotRecorded.Select(
                id => $"{id} was applied by another tool; compare the schema and record it with baseline"));
}
