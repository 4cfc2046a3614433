using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Tells which migrations a database has had, and whether its schema is this build's.</summary>
internal sealed class StatusCommand : WorkerCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Write the state as one JSON object." };
    private readonly Option<bool> _check = new("--check") { Description = "Exit 1 when something is pending, changed or drifted." };

    public StatusCommand()
        : base("status", "Lists applied, pending and unknown migrations, and drift of the schema.")
    {
        Options.Add(_json);
        Options.Add(_check);
    }

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(session, cancellationToken);
        var status = await DatabaseStatus.ReadAsync(connection, cancellationToken);
        if (arguments.GetValue(_json))
        {
            Console.WriteLine(Json.Write(status));
        }
        else
        {
            Write(status);
        }

        return arguments.GetValue(_check) && !status.IsCurrent ? ExitCode.No : ExitCode.Ok;
    }

    private static void Write(DatabaseStatus status)
    {
        Console.WriteLine($"{status.Database} on PostgreSQL {status.Server}");
        Write(status.Applied.Except(status.Unknown), "applied");
        Write(status.Pending, "pending");
        Write(status.Unknown, "unknown to this build");
        Write(status.Changed, "changed since it was applied");
        foreach (var drift in status.Drift)
        {
            Console.WriteLine($"  drift    {drift.Object} is {drift.Problem}; mend: {drift.Mend}");
        }

        if (status.UnfinishedImport is { } dataSet)
        {
            Console.WriteLine($"  import   {StagingArea.Describe(dataSet)}");
        }

        Console.WriteLine(status.IsCurrent ? "Up to date." : "Not up to date.");
    }

    private static void Write(IEnumerable<string> migrations, string state)
    {
        foreach (var migration in migrations)
        {
            Console.WriteLine($"  {state,-8} {migration}");
        }
    }
}
