namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>A statement that a rule warns of.</summary>
internal sealed record LintWarning(string Rule, string Danger, string Safer);
