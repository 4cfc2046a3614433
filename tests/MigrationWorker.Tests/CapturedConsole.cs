using System.Text;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>What one test writes to the console, kept apart from what the others write at the same time.</summary>
internal sealed class CapturedConsole
{
    private static readonly AsyncLocal<CapturedConsole?> Current = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    static CapturedConsole()
    {
        Console.SetOut(new Writer(Console.Out, console => console._output));
        Console.SetError(new Writer(Console.Error, console => console._error));
    }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Captures what the calling method and all that it calls write from now on.</summary>
    public static CapturedConsole Start() => Current.Value = new CapturedConsole();

    /// <summary>One for all tests; the console lets one thread write at a time.</summary>
    private sealed class Writer(TextWriter otherwise, Func<CapturedConsole, StringBuilder> captured) : TextWriter
    {
        public override Encoding Encoding => otherwise.Encoding;

        public override void Write(char value)
        {
            if (Current.Value is { } console)
            {
                captured(console).Append(value);
            }
            else
            {
                otherwise.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            if (Current.Value is { } console)
            {
                captured(console).Append(value);
            }
            else
            {
                otherwise.Write(value);
            }
        }
    }
}
