using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Shows the SQL that would run, as a psql script with comments about locks and dangers.</summary>
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
            var losses = await DataLoss.FindAsync(connection, steps, cancellationToken);
            await new PlanWriter(Console.Out, context.LockTimeout, context.StatementTimeout).WriteAsync(steps, losses);
        }

        return ExitCode.Ok;
    }
}

/// <summary>
/// Writes steps as a script with the same effect as the worker: with its records, in transactions, under the worker's lock.
/// </summary>
internal sealed class PlanWriter(TextWriter output, TimeSpan lockTimeout, TimeSpan statementTimeout)
{
    public async Task WriteAsync(IReadOnlyList<MigrationStep> steps, IReadOnlyList<DataLoss> losses)
    {
        if (steps.Count == 0)
        {
            await output.WriteLineAsync("-- Nothing to do.");
            return;
        }

        await output.WriteLineAsync(
            $"""
            -- A script for psql: psql --file=FILE DATABASE. It stops at the first error.
            -- Back the database up before: the worker does so by itself, a script cannot.
            {string.Concat(losses.Select(loss => $"-- warning: loses {loss}\n"))}\set ON_ERROR_STOP on
            SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET search_path = public;
            SET lock_timeout = {lockTimeout.TotalMilliseconds:0}; SET statement_timeout = {statementTimeout.TotalMilliseconds:0};

            -- The worker's own lock, which ends with the session.
            DO $$ BEGIN
                IF NOT pg_try_advisory_lock({WorkerLock.Key}) THEN
                    RAISE EXCEPTION 'A worker is at work on this database: run this script when it has ended.';
                END IF;
            END $$;
            """);
        foreach (var step in steps)
        {
            await output.WriteLineAsync($"\n-- ===== {step.Script.Id} ({step.Direction}) =====");
            await WriteAsync(step);
        }
    }

    private async Task WriteAsync(MigrationStep step)
    {
        if (!step.IsTransactional)
        {
            await output.WriteLineAsync(
                """
                -- Not in a transaction, since indexes are built concurrently. What was done stays after an error:
                -- fix its reason, write the plan anew, and run that; it goes on there.
                """);
        }

        var statements = SqlSplitter.Split(step.Sql).ToList();
        var linter = new MigrationLinter();
        for (var i = 0; i < statements.Count; i++)
        {
            // The worker's record and EF Core's, which is the last statement, are always in one transaction.
            if (step.IsTransactional ? i == 0 : i == statements.Count - 1)
            {
                await output.WriteLineAsync(step.IsTransactional && step.IsUp ? "\nBEGIN;" : $"\nBEGIN;\n\n{step.Record};");
            }

            await WriteAsync(statements[i], linter.Check(statements[i]));
        }

        await output.WriteLineAsync(step.IsTransactional && step.IsUp ? $"\n{step.Record};\n\nCOMMIT;" : "\nCOMMIT;");
    }

    private async Task WriteAsync(SqlStatement statement, IReadOnlyList<LintWarning> warnings)
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

        await output.WriteLineAsync(
            ConcurrentIndexes.FindName(statement.Text) is { } index
                ? $"""
                    SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{index}')), false) AS is_built \gset
                    \if :is_built
                    \else
                    DROP INDEX CONCURRENTLY IF EXISTS {index};
                    {statement.Text};
                    \endif
                    """
                : $"{statement.Text};");
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
