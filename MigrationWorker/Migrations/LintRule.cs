using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>A kind of statement that hurts on a table that is in use.</summary>
/// <param name="Name">By which a migration allows it: a comment <c>-- lint: allow NAME: reason</c> before the statement.</param>
/// <param name="Pattern">Finds it; its group <c>table</c> names the table.</param>
/// <param name="Danger">What happens.</param>
/// <param name="Safer">What to do instead.</param>
internal sealed record LintRule(string Name, Regex Pattern, string Danger, string Safer);
