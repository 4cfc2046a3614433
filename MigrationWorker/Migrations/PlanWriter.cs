namespace MovieAspire.MigrationWorker.Migrations;

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
            var linter = new Linter();
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

        if (StatementLock.Of(statement.Text) is { } taken)
        {
            await output.WriteLineAsync($"-- lock: {taken.Mode} on {taken.Table}");
        }

        foreach (var warning in warnings)
        {
            await output.WriteLineAsync($"-- warning: {warning.Rule}: {warning.Danger}");
            await output.WriteLineAsync($"--   safer: {warning.Safer}");
        }

        await output.WriteLineAsync($"{statement.Text};");
    }
}
