using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Looks for what is dangerous on a live database. What a script itself created is in nobody's use yet.</summary>
internal sealed partial class Linter
{
    private readonly HashSet<string> _new = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Warnings about one statement; statements must come in the order of the script.</summary>
    public IReadOnlyList<LintWarning> Check(SqlStatement statement)
    {
        if (Created().Match(statement.Text) is { Success: true } created)
        {
            _new.Add(created.Groups["table"].Value);
            return [];
        }

        return [.. Find(statement)];
    }

    private IEnumerable<LintWarning> Find(SqlStatement statement)
    {
        var allowed = Allowed().Matches(statement.Comment).Select(match => match.Groups["rule"].Value).ToHashSet();
        foreach (var rule in LintRules.All)
        {
            if (rule.Pattern.Match(statement.Text) is { Success: true } match
                && !_new.Contains(match.Groups["table"].Value) && !allowed.Contains(rule.Name))
            {
                yield return new LintWarning(rule.Name, rule.Danger, rule.Safer);
            }
        }
    }

    [GeneratedRegex(@"^CREATE\s+(?:(?:TEMP|TEMPORARY|UNLOGGED)\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<table>(?:""[^""]+""|[\w.])+)", RegexOptions.IgnoreCase)]
    private static partial Regex Created();

    // The reason is asked for: an exception without one is no decision.
    [GeneratedRegex(@"--\s*lint:\s*allow\s+(?<rule>[\w-]+):\s*\S")]
    private static partial Regex Allowed();
}
