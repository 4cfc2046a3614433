using System.Globalization;
using System.Text;

namespace MovieAspire.Standalone.Dashboard.Assets;

/// <summary>
/// The style sheet of console colours: the 16 basic ones follow the theme, the 216 of the cube and the 24 greys are xterm's.
/// Classes, since the content security policy allows no style attributes.
/// </summary>
internal static class AnsiPalette
{
    private static readonly int[] Levels = [0, 95, 135, 175, 215, 255];

    public static string Css()
    {
        var css = new StringBuilder(20_000);
        for (var i = 0; i < 256; i++)
        {
            var color = i < 16 ? $"var(--ansi-{i})" : Hex(i);
            css.Append(CultureInfo.InvariantCulture, $".f{i}{{color:{color}}}.b{i}{{background:{color}}}\n");
        }

        // Loggers ask for "black" where they mean the terminal's own ground, and write in black on colours.
        css.Append(".b0{background:none}\n:is(.b1,.b2,.b3,.b4,.b5,.b6).f0{color:var(--panel)}\n");
        return css.ToString();
    }

    private static string Hex(int index)
    {
        if (index >= 232)
        {
            var grey = 8 + 10 * (index - 232);
            return $"#{grey:x2}{grey:x2}{grey:x2}";
        }

        var cube = index - 16;
        return $"#{Levels[cube / 36]:x2}{Levels[cube / 6 % 6]:x2}{Levels[cube % 6]:x2}";
    }
}
