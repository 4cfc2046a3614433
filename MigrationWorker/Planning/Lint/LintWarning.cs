namespace MovieAspire.MigrationWorker.Planning.Lint;

/// <summary>A statement that a rule warns of.</summary>
internal sealed record LintWarning(string Rule, string Danger, string Safer);
