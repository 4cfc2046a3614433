using MovieAspire.Standalone.Dashboard.Pages.Console;

namespace MovieAspire.Standalone.Dashboard.Tests.Pages;

public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain|")]
    [InlineData("\x1b[32minfo\x1b[39m: done", "info|f2;: done|")]
    [InlineData("\x1b[1;31mbad\x1b[0m", "bad|f1 bold")]
    [InlineData("\x1b[38;5;208mx\x1b[48;2;255;0;0my", "x|f208;y|f208 b196")]
    [InlineData("\x1b[7;37;44mx", "x|f4 b7")]
    [InlineData("\x1b[91;103mx", "x|f9 b11")]
    [InlineData("\x1b[999mx\x1b[38;5mx\x1b[38;5;9999mz", "xx|;z|f255")]
    [InlineData("a\x1b]0;title\ab\x1b]8;;http://x\x1b\\c", "abc|")]
    [InlineData("a\x1b[2Jb\x1b[10;10Hc\x1bMd", "abcd|")]
    [InlineData("a\rb\bc\0\td", "abc\td|")]
    [InlineData("end\x1b", "end|")]
    [InlineData("end\x1b[3", "end|")]
    [InlineData("end\x1b]0;never ends", "end|")]
    public void Colours_become_classes_and_all_else_is_left_out(string line, string expected) =>
        Assert.Equal(expected, string.Join(';', Merge(AnsiText.Parse(line)).Select(run => $"{run.Text}|{run.Classes}")));

    // Runs of one look may come in pieces.
    private static List<AnsiRun> Merge(IReadOnlyList<AnsiRun> runs)
    {
        var merged = new List<AnsiRun>();
        foreach (var run in runs)
        {
            if (merged.Count > 0 && merged[^1].Classes == run.Classes)
            {
                merged[^1] = merged[^1] with { Text = merged[^1].Text + run.Text };
            }
            else
            {
                merged.Add(run);
            }
        }

        return merged;
    }
}
