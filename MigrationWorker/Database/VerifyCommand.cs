using System.CommandLine;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Proves that a database is what this build expects, data included.</summary>
internal sealed class VerifyCommand : WorkerCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Write the findings as one JSON object." };

    public VerifyCommand()
        : base("verify", "Checks migrations, schema, constraints and every aggregate against its rows. Exits 1 when something is wrong.") => Options.Add(_json);

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(session, cancellationToken);
        Verification result;
        if (arguments.GetValue(_json))
        {
            result = await Verification.RunAsync(connection, cancellationToken);
            Console.WriteLine(Json.Write(result));
        }
        else
        {
            using (new Progress(session.Log, "Verifying"))
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
        Write("schema", "as in this build", [.. result.Drift.Select(drift => $"{drift.Object} is {drift.Problem}; mend: {drift.Mend}")]);
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
