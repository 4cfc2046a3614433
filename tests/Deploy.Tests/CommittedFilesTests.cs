using System.Text.RegularExpressions;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>What lies in <c>deploy/</c> fits together; needs no engine.</summary>
public sealed partial class CommittedFilesTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.GetFiles(Repository.PathOf("deploy"), "*.sh").Where(IsProgram).Select(file => Path.GetFileName(file)).Order()];

    [Fact]
    public void Worker_image_has_the_client_tools_of_the_server_version()
    {
        var server = Assert.Single(PostgresImage().Matches(Read("deploy/compose.yaml"))).Groups["tag"].Value;

        Assert.Contains($"ARG POSTGRES_VERSION={server}\n", Read("deploy/Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(Images.Postgres, $"postgres:{server}");
    }

    [Fact]
    public void Example_settings_are_the_variables_of_the_compose_file()
    {
        var used = Variable().Matches(Read("deploy/compose.yaml")).Select(match => match.Groups["name"].Value)
            .Append("COMPOSE_PROFILES").Distinct();
        var example = Setting().Matches(Read("deploy/.env.example")).Select(match => match.Groups["name"].Value);

        Assert.Equal(used.Order(), example.Order());
    }

    [Fact]
    public void Images_are_never_tagged_latest()
    {
        var references = Directory.GetFiles(Repository.Root, "Dockerfile", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("FROM ", StringComparison.Ordinal))
            .Concat(Read("deploy/compose.yaml").Split('\n').Where(line => line.Contains("image:", StringComparison.Ordinal)))
            .ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.DoesNotContain(":latest", reference, StringComparison.Ordinal));
    }

    [Fact]
    public void Actions_are_pinned_to_commits()
    {
        var actions = Directory.GetFiles(Repository.PathOf(".github/workflows")).SelectMany(File.ReadLines)
            .Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches("uses: [^@]+@[0-9a-f]{40} # v", action));
    }

    [Fact]
    public void Files_named_by_azd_and_the_workflow_exist()
    {
        var named = FileOfOurs().Matches(Read("azure.yaml") + Read(".github/workflows/ci.yml"))
            .Select(match => match.Groups["file"].Value).ToList();

        Assert.Equal(3, named.Count);
        Assert.All(named, file => Assert.True(File.Exists(Repository.PathOf(file)), file));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_prints_its_help_and_refuses_unknown_options(string script)
    {
        var help = (await Cli.RunAsync(Repository.PathOf("deploy", script), ["--help"])).EnsureSuccess(script);
        Assert.StartsWith($"usage: {script}", help.Output, StringComparison.Ordinal);
        Assert.Contains("--dry-run", help.Output, StringComparison.Ordinal);

        var unknown = await Cli.RunAsync(Repository.PathOf("deploy", script), ["--unheard-of"]);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("'--unheard-of' is not known", unknown.LastLine, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Shellcheck)]
    public async Task Scripts_are_clean_under_shellcheck()
    {
        string[] scripts =
        [
            .. Directory.GetFiles(Repository.PathOf("deploy"), "*.sh"),
            Repository.PathOf("Api/healthcheck.sh"),
            Repository.PathOf("MigrationWorker/collect-postgres-tools.sh"),
        ];

        var result = await Cli.RunAsync("shellcheck", ["--external-sources", "--source-path", Repository.Root, .. scripts]);

        result.EnsureSuccess("shellcheck");
    }

    /// <summary>False for what is only sourced by others.</summary>
    private static bool IsProgram(string script) => File.ReadLines(script).First().StartsWith("#!", StringComparison.Ordinal);

    private static string Read(string path) => File.ReadAllText(Repository.PathOf(path));

    [GeneratedRegex("docker.io/library/postgres:(?<tag>[0-9.]+)")]
    private static partial Regex PostgresImage();

    [GeneratedRegex(@"(project: |global-json-file: |--file )(?<file>\S+)")]
    private static partial Regex FileOfOurs();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)[:}]")]
    private static partial Regex Variable();

    [GeneratedRegex("(?m)^#?(?<name>[A-Z_]+)=")]
    private static partial Regex Setting();
}
