using System.Globalization;
using System.Text.RegularExpressions;
using CliWrap;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary><c>pg_dump</c> and <c>pg_restore</c> of one version in one place.</summary>
internal abstract class ClientTools(ToolVersion version, string place)
{
    public const string Dump = "pg_dump";
    public const string Restore = "pg_restore";

    public ToolVersion Version { get; } = version;

    /// <summary>Where they are: a folder or a container.</summary>
    public string Place { get; } = place;

    /// <summary>Names a database to a program; a name alone could be taken for a connection string.</summary>
    public static string DatabaseArgument(string name) =>
        $"--dbname=dbname='{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>Runs a program that works on <paramref name="target"/>.</summary>
    public abstract Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, NpgsqlConnectionStringBuilder target, PipeTarget output,
        CancellationToken cancellationToken);

    /// <summary>Gives the programs a file of this machine to read.</summary>
    public abstract Task<ToolFile> OfferAsync(string path, CancellationToken cancellationToken);
}

/// <summary>The version of a PostgreSQL program.</summary>
/// <param name="Major">Programs and servers of the same major version are compatible.</param>
/// <param name="Text">As the program says it, such as <c>15.18</c> or <c>18beta1</c>.</param>
internal sealed partial record ToolVersion(int Major, string Text)
{
    /// <summary>Reads what <c>--version</c> prints, such as <c>pg_dump (PostgreSQL) 15.18 (Debian 15.18-1)</c>.</summary>
    public static ToolVersion? Parse(string? printed) =>
        printed is not null && Pattern().Match(printed) is { Success: true } match
            ? new(int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["text"].Value)
            : null;

    /// <summary>The major version in a version's text.</summary>
    public static int ParseMajor(string text) =>
        int.Parse(Digits().Match(text).ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\(PostgreSQL\) (?<text>(?<major>\d+)\S*)")]
    private static partial Regex Pattern();
}

/// <summary>A file that the programs can read.</summary>
/// <param name="Path">Its path as they see it.</param>
/// <param name="Remove">Removes it.</param>
internal sealed record ToolFile(string Path, Func<Task> Remove) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Remove();
}
