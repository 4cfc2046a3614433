using System.Globalization;
using System.Text;

namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>
/// Splits a console line into runs of one look, by its "select graphic rendition" sequences (ECMA-48 8.3.117), and leaves out all
/// other escape sequences and control characters: a line can colour itself but can't move about or set the window's title.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\x1b';

    public static IReadOnlyList<AnsiRun> Parse(string line)
    {
        var runs = new List<AnsiRun>();
        var text = new StringBuilder();
        var style = new AnsiStyle();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != Escape)
            {
                if (!char.IsControl(line[i]) || line[i] == '\t')
                {
                    text.Append(line[i]);
                }

                continue;
            }

            var end = EndOfSequence(line, i);
            if (end < line.Length && line[end] == 'm' && line[i + 1] == '[')
            {
                Flush();
                style.Apply(Numbers(line.AsSpan(i + 2, end - i - 2)));
            }

            i = end;
        }

        Flush();
        return runs;

        void Flush()
        {
            if (text.Length > 0)
            {
                runs.Add(new AnsiRun(text.ToString(), style.Classes));
                text.Clear();
            }
        }
    }

    /// <summary>The line as a person reads it, for searching and downloads.</summary>
    public static string Strip(string line) =>
        line.Contains(Escape, StringComparison.Ordinal) ? string.Concat(Parse(line).Select(run => run.Text)) : line;

    // The index of the sequence's last character. CSI ends with @..~, OSC and other strings with BEL or ESC \, the rest has two characters.
    private static int EndOfSequence(string line, int start)
    {
        var i = start + 1;
        if (i >= line.Length)
        {
            return start;
        }

        if (line[i] == '[')
        {
            for (i++; i < line.Length && line[i] is < '@' or > '~'; i++)
            {
            }
        }
        else if (line[i] is ']' or 'P' or 'X' or '^' or '_')
        {
            for (i++; i < line.Length && line[i] != '\a' && !(line[i] == '\\' && line[i - 1] == Escape); i++)
            {
            }
        }

        return i;
    }

    private static int[] Numbers(ReadOnlySpan<char> parameters)
    {
        var numbers = new List<int>();
        foreach (var part in parameters.SplitAny(';', ':'))
        {
            numbers.Add(int.TryParse(parameters[part], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        }

        return [.. numbers];
    }
}
