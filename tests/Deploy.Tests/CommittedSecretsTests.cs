using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>No key, password or token in any file that is committed, or would be by <c>git add</c>.</summary>
public sealed partial class CommittedSecretsTests
{
    // Put together here, so that this file holds none.
    public static TheoryData<string> Samples =>
    [
        "-----BEGIN EC " + "PRIVATE KEY-----",
        "aws = AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_" + "11ABCDEFG0abcdefghijkl_mnop",
        "xoxb-" + "123456789012-abcdef",
        "oy2" + "abcdefghijklmnopqrstuvwxyz0123456789abcdefg",
        "npm_" + "0123456789abcdefghijABCDEFGHIJ012345",
        "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.sig",
        "https://somebody:" + "hunter22@10.0.0.7/x",
        "AccountKey=" + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF==",
        "POSTGRES_PASSWORD=" + "q3JvX0mZr8bT5yW2kL7n",
        "\"ApiKey\": \"" + "q3JvX0mZr8bT5yW2kL7n\"",
        "Username=postgres;Password=" + "q3JvX0mZr8bT5yW2kL7n;Database=moviedb",
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Secret_is_found(string sample) => Assert.Matches(Secret(), sample);

    [RequiresFact(Tool.Git)]
    public async Task Repository_holds_no_secret()
    {
        var listed = await Cli.RunInAsync(
            Repository.Root, [], "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        var files = listed.EnsureSuccess("git ls-files").Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(file => Repository.PathOf(file)).Where(File.Exists).ToList();

        Assert.True(files.Count > 100);
        Assert.Empty(
            from file in files
            from line in File.ReadLines(file)
            where Secret().IsMatch(line)
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}");
    }

    [GeneratedRegex("""
        -----BEGIN\ [A-Z ]*PRIVATE\ KEY
        | \b (AKIA | ASIA) [0-9A-Z]{16} \b
        | \b (gh[pousr]_ | npm_) [A-Za-z0-9]{36} | github_pat_ \w{20}
        | \b xox[abprs]- [A-Za-z0-9-]{10} | \b oy2 [a-z0-9]{43} \b | \b AIza [\w-]{35}
        | \b eyJ [\w-]{10,} \. eyJ [\w-]{10}
        # There is nothing to log in to at the hosts of examples (RFC 2606).
        | :// [^\s/:@"'`$<{]+ : [^\s/@"'`$<{]{3,} @ (?! (mail\.)? example\.org \b | host \b)
        # A value that is called secret, and of letters and digits as nobody would write them.
        | (?i: password | passwd | secret | token | api_?key | accountkey) ["']? \s* [:=] \s* ["']?
            (?= [A-Za-z+/_-]* [0-9]) (?= [0-9+/_-]* [A-Za-z]) [A-Za-z0-9+/_-]{20}
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
