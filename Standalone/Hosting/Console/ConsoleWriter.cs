namespace MovieAspire.Standalone.Hosting;

/// <summary>What a line means, which decides its colour.</summary>
internal enum Tone
{
    Plain,
    Title,
    Quiet,
    Good,
    Bad,
}

/// <summary>Writes whole lines, in colours only where a terminal shows them.</summary>
internal sealed class ConsoleWriter(TextWriter output, bool colours)
{
    private static readonly int[] Palette = [36, 35, 34, 33, 32, 96, 95, 94];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colourOf = [];
    private int _width = 8;

    /// <summary>Colours are for terminals, and for nobody who said NO_COLOR (https://no-color.org).</summary>
    public static ConsoleWriter Standard() => new(
        System.Console.Out, !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    public void Align(IEnumerable<string> names) => _width = names.Select(n => n.Length).Append(_width).Max();

    /// <summary>Keeps lines that belong together from being torn apart by those of others.</summary>
    public void Together(Action write)
    {
        lock (_lock)
        {
            write();
        }
    }

    public void Blank() => Write("");

    public void Line(Tone tone, string text) => Write(Colour(text, tone switch
    {
        Tone.Title => "1",
        Tone.Quiet => "2",
        Tone.Good => "32",
        Tone.Bad => "31",
        _ => null,
    }));

    public void Entry(string name, string text) => Write($"  {Name(name)}  {text}");

    public void State(string name, string text) => Write($"{Name(name)} = {Colour(text, "1")}");

    public void Output(string name, string text, bool isError) => Write($"{Name(name)} | {Colour(text, isError ? "31" : null)}");

    private string Name(string name)
    {
        lock (_lock)
        {
            if (!_colourOf.TryGetValue(name, out var colour))
            {
                colour = _colourOf[name] = Palette[_colourOf.Count % Palette.Length];
            }

            return Colour(name.PadRight(_width), colour.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private string Colour(string text, string? code) => colours && code is not null ? $"\e[{code}m{text}\e[0m" : text;

    private void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                output.WriteLine(line);
            }
            catch (IOException)
            {
                // Whoever read the output is gone; the application runs on.
            }
        }
    }
}
