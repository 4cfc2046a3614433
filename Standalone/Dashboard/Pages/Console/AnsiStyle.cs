using System.Globalization;

namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>The look that a line's escape sequences have set so far.</summary>
internal struct AnsiStyle
{
    private int? _foreground;
    private int? _background;
    private bool _bold;
    private bool _dim;
    private bool _italic;
    private bool _underline;
    private bool _inverse;

    public readonly string? Classes
    {
        get
        {
            var (foreground, background) = _inverse ? (_background ?? 0, _foreground ?? 7) : (_foreground, _background);
            var classes = string.Create(CultureInfo.InvariantCulture,
                $"{Color("f", foreground)}{Color("b", background)}{(_bold ? " bold" : "")}{(_dim ? " dim" : "")}{(_italic ? " italic" : "")}{(_underline ? " underline" : "")}");
            return classes.Length == 0 ? null : classes[1..];
        }
    }

    public void Apply(int[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            switch (codes[i])
            {
                case 0: this = default; break;
                case 1: _bold = true; break;
                case 2: _dim = true; break;
                case 3: _italic = true; break;
                case 4: _underline = true; break;
                case 7: _inverse = true; break;
                case 22: (_bold, _dim) = (false, false); break;
                case 23: _italic = false; break;
                case 24: _underline = false; break;
                case 27: _inverse = false; break;
                case >= 30 and <= 37: _foreground = codes[i] - 30; break;
                case 38: _foreground = Extended(codes, ref i); break;
                case 39: _foreground = null; break;
                case >= 40 and <= 47: _background = codes[i] - 40; break;
                case 48: _background = Extended(codes, ref i); break;
                case 49: _background = null; break;
                case >= 90 and <= 97: _foreground = codes[i] - 82; break;
                case >= 100 and <= 107: _background = codes[i] - 92; break;
                default: break;
            }
        }
    }

    private static string Color(string prefix, int? color) =>
        color is { } index ? string.Create(CultureInfo.InvariantCulture, $" {prefix}{index}") : "";

    // 5;n is a colour of the palette, 2;r;g;b any colour, of which the nearest of the palette's cube is taken.
    private static int? Extended(int[] codes, ref int i)
    {
        if (i + 2 < codes.Length && codes[i + 1] == 5)
        {
            i += 2;
            return Math.Clamp(codes[i], 0, 255);
        }

        if (i + 4 < codes.Length && codes[i + 1] == 2)
        {
            i += 4;
            return 16 + 36 * Level(codes[i - 2]) + 6 * Level(codes[i - 1]) + Level(codes[i]);
        }

        return null;
    }

    private static int Level(int channel) => (Math.Clamp(channel, 0, 255) * 5 + 127) / 255;
}
