using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Splits a script into statements, ignoring semicolons in strings, quoted names, comments and dollar quotes.</summary>
internal static class SqlSplitter
{
    public static IEnumerable<SqlStatement> Split(string script)
    {
        var position = 0;
        while (true)
        {
            var start = SkipComments(script, position);
            if (start == script.Length)
            {
                yield break;
            }

            var end = EndOfStatement(script, start);
            yield return new SqlStatement(script[position..start].Trim(), script[start..end].TrimEnd());
            position = Math.Min(end + 1, script.Length);
        }
    }

    private static int SkipComments(string script, int position)
    {
        while (position < script.Length && (char.IsWhiteSpace(script[position]) || script[position] == ';' || IsComment(script, position)))
        {
            position = IsComment(script, position) ? EndOfToken(script, position) : position + 1;
        }

        return position;
    }

    private static int EndOfStatement(string script, int position)
    {
        while (position < script.Length && script[position] != ';')
        {
            position = EndOfToken(script, position);
        }

        return position;
    }

    // The end of a comment, a quotation, or a single character.
    private static int EndOfToken(string script, int position) => script[position] switch
    {
        '-' when IsComment(script, position) => After(script, "\n", position),
        '/' when IsComment(script, position) => After(script, "*/", position + 2),
        '\'' => After(script, "'", position + 1),
        '"' => After(script, "\"", position + 1),
        '$' when DollarTag(script, position) is { } tag => After(script, tag, position + tag.Length),
        _ => position + 1,
    };

    private static bool IsComment(string script, int position) =>
        position + 1 < script.Length && script.AsSpan(position, 2) is "--" or "/*";

    private static int After(string script, string end, int from)
    {
        var found = script.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? script.Length : found + end.Length;
    }

    private static string? DollarTag(string script, int position)
    {
        var end = script.IndexOf('$', position + 1);
        var isTag = end > 0 && script.AsSpan(position + 1, end - position - 1).IndexOfAnyExcept(TagCharacters) < 0
            && !char.IsAsciiDigit(script[position + 1]);
        return isTag ? script[position..(end + 1)] : null;
    }

    private static readonly System.Buffers.SearchValues<char> TagCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

/// <summary>One statement of a script.</summary>
/// <param name="Comment">The comments and blank lines before it.</param>
/// <param name="Text">The statement itself, without the semicolon at its end.</param>
internal sealed record SqlStatement(string Comment, string Text);

/// <summary>Parts of the patterns by which statements are recognised.</summary>
internal static class SqlPattern
{
    /// <summary>A name, perhaps in quotes and with its schema.</summary>
    public const string Name = @"(?:""[^""]+""|[\w.])+";

    /// <summary>A table; its name is the group <c>table</c>.</summary>
    public const string Table = @"(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?<table>" + Name + ")";

    /// <summary>One or more tables, as DROP TABLE and TRUNCATE list them; each is a capture of the group <c>table</c>.</summary>
    public const string TableList = Table + @"(?:\s*,\s*" + Table + ")*";

    public static Regex Create(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
