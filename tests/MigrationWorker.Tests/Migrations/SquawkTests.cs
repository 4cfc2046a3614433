using System.Text.Json;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>
/// The linter squawk as a second opinion on the worker's own, which has its rules' names. Installed from npm by the first test.
/// </summary>
public sealed class SquawkTests : IDisposable
{
    private const string Package = "squawk-cli@2.66.0";
    private const string OldestPostgres = "15.0";

    // Matters of taste, which the model has decided, and limits, which the worker sets for each migration.
    private static readonly string[] Excluded =
    [
        "ban-char-field", "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-text-field", "require-lock-timeout",
        "require-statement-timeout",
    ];

    // Where the two differ, by statement: what only the worker's linter warns of, and what only squawk does.
    private static readonly Dictionary<string, (string[] Ours, string[] Theirs)> Disagreements = new()
    {
        // squawk looks for a literal and takes no function for constant where it stands in parentheses, as EF Core writes it.
        ["ALTER TABLE movies ADD COLUMN at timestamptz DEFAULT (now())"] = ([], ["adding-field-with-default"]),

        // The index is the greater danger, and UNIQUE knows no NOT VALID.
        ["ALTER TABLE movies ADD CONSTRAINT u UNIQUE (title)"] = ([], ["constraint-missing-not-valid"]),

        // squawk has no rule for these.
        ["UPDATE movies SET director = 'x'"] = (["update-everything"], []),
        ["TRUNCATE movies"] = (["ban-truncate"], []),
        ["SET lock_timeout = 0"] = (["require-lock-timeout"], []),
    };

    private static readonly string Installed = Path.Combine(Repository.Root, "artifacts", "squawk");
    private static readonly string Program =
        Path.Combine(Installed, "node_modules", ".bin", OperatingSystem.IsWindows() ? "squawk.cmd" : "squawk");

    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-squawk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresFact(Tool.Npm)]
    public async Task Committed_migrations_pass()
    {
        var scripts = Directory.GetFiles(Path.Combine(Repository.Root, "Data", "Migrations", "Scripts"), "*.up.sql");
        var inTransaction = scripts.ToLookup(script => !ConcurrentIndexes.Has(File.ReadAllText(script)));
        Assert.NotEmpty(inTransaction[true]);
        Assert.NotEmpty(inTransaction[false]);
        Assert.Empty(await LintAsync(inTransaction[true], "--assume-in-transaction"));

        // The worker itself goes on after an interruption; the script need not say IF NOT EXISTS.
        Assert.DoesNotContain(await LintAsync(inTransaction[false]), finding => finding.Rule != "prefer-robust-stmts");
    }

    [RequiresFact(Tool.Npm)]
    public async Task Worker_warns_of_the_same_statements_by_the_same_names()
    {
        var statements = MigrationLinterTests.Samples.SelectMany(
            sample => new[] { (string)sample[1], (string)sample[2] }).Distinct().ToList();
        var files = statements.Select((_, number) => Path.Combine(_folder, $"{number}.sql")).ToList();
        foreach (var (statement, file) in statements.Zip(files))
        {
            await File.WriteAllTextAsync(file, $"{statement};\n");
        }

        var names = LintRules.All.Select(rule => rule.Name).ToHashSet();
        var findings = (await LintAsync(files, "--assume-in-transaction")).Where(finding => names.Contains(finding.Rule)).ToLookup(
            finding => finding.File, finding => finding.Rule);
        Assert.NotEmpty(findings);
        foreach (var (statement, file) in statements.Zip(files))
        {
            var ours = new MigrationLinter().Check(SqlSplitter.Split(statement).Single()).Select(warning => warning.Rule).ToList();
            var theirs = findings[file].ToList();
            var (onlyOurs, onlyTheirs) = Disagreements.GetValueOrDefault(statement, ([], []));
            Assert.True(
                ours.Except(theirs).SequenceEqual(onlyOurs) && theirs.Except(ours).SequenceEqual(onlyTheirs),
                $"{statement}: the worker says {string.Join(", ", ours)}; squawk says {string.Join(", ", theirs)}");
        }
    }

    private static async Task<List<(string File, string Rule)>> LintAsync(IEnumerable<string> files, params string[] options)
    {
        if (!File.Exists(Program))
        {
            Directory.CreateDirectory(Installed);
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            (await Testing.Cli.RunAsync(npm, "install", "--prefix", Installed, "--no-audit", "--no-fund", "--ignore-scripts", Package))
                .EnsureSuccess("npm install");
        }

        var result = await Testing.Cli.RunAsync(
            Program,
            [.. options, $"--pg-version={OldestPostgres}", "--reporter=json", $"--exclude={string.Join(',', Excluded)}",
            .. files]);
        Assert.True(result.Output.StartsWith('['), result.All);
        using var findings = JsonDocument.Parse(result.Output);
        return [.. findings.RootElement.EnumerateArray().Select(
            finding => (finding.GetProperty("file").GetString()!, finding.GetProperty("rule_name").GetString()!))];
    }
}
