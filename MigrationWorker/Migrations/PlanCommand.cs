using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>
/// Shows the SQL that would run. Its output is a script that psql can run, with what it says about each statement as comments.
/// </summary>
internal sealed class PlanCommand : WorkerCommand
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = $"The migration to go to, up or down: its id, its name, or '{MigrationPlan.Nothing}'. Default: the latest.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public PlanCommand()
        : base("plan", "Shows the SQL that would run, the lock that each statement takes, and warnings about what is dangerous on a live "
            + "database.")
    {
        Options.Add(_to);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ServerWait.OpenAsync(context, cancellationToken);
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var steps = arguments.GetValue(_to) is { } name ? MigrationPlan.To(state, name) : MigrationPlan.ToLatest(state);
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync([.. steps.Select(PlannedMigration.From)], WorkerJson.Readable.IReadOnlyListPlannedMigration);
        }
        else
        {
            await PlanWriter.WriteAsync(Console.Out, steps);
        }

        return ExitCode.Ok;
    }
}

/// <summary>Writes steps as a script, with locks and warnings as comments.</summary>
internal static class PlanWriter
{
    public static async Task WriteAsync(TextWriter output, IReadOnlyList<MigrationStep> steps)
    {
        if (steps.Count == 0)
        {
            await output.WriteLineAsync("-- Nothing to do.");
        }

        foreach (var step in steps)
        {
            await output.WriteLineAsync($"-- ===== {step.Script.Id} ({step.Direction}) =====");
            var linter = new MigrationLinter();
            foreach (var statement in SqlSplitter.Split(step.Sql))
            {
                await WriteAsync(output, statement, linter.Check(statement));
            }
        }
    }

    private static async Task WriteAsync(TextWriter output, SqlStatement statement, IReadOnlyList<LintWarning> warnings)
    {
        await output.WriteLineAsync();
        if (statement.Comment.Length > 0)
        {
            await output.WriteLineAsync(statement.Comment);
        }

        if (StatementLock.Find(statement.Text) is { } taken)
        {
            await output.WriteLineAsync($"-- lock: {taken.Mode} on {taken.Table}");
        }

        foreach (var warning in warnings)
        {
            await output.WriteLineAsync($"-- warning: {warning.Rule}: {warning.Problem}");
            await output.WriteLineAsync($"--   safer: {warning.Remedy}");
        }

        await output.WriteLineAsync($"{statement.Text};");
    }
}

/// <summary>A migration that would run, <c>up</c> or <c>down</c>.</summary>
internal sealed record PlannedMigration(string Id, string Direction, IReadOnlyList<PlannedStatement> Statements)
{
    public static PlannedMigration From(MigrationStep step)
    {
        var linter = new MigrationLinter();
        var statements = SqlSplitter.Split(step.Sql).Select(statement => PlannedStatement.From(statement, linter));
        return new(step.Script.Id, step.Direction, [.. statements]);
    }
}

/// <summary>A statement with the lock that it takes, on which table, and warnings.</summary>
internal sealed record PlannedStatement(string Sql, string? Lock, string? Table, IReadOnlyList<LintWarning> Warnings)
{
    public static PlannedStatement From(SqlStatement statement, MigrationLinter linter)
    {
        var taken = StatementLock.Find(statement.Text);
        return new(statement.Text, taken?.Mode, taken?.Table, linter.Check(statement));
    }
}
