using System.Globalization;
using System.Text;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Records that were refused: the first ones on standard error, all of them in a file where one is named.</summary>
internal sealed class Rejects(string? file = null) : IDisposable
{
    private const int Shown = 50;
    private readonly StreamWriter? _all = file is null ? null : new StreamWriter(
        file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    public long Count { get; private set; }

    /// <summary>Reports a record by its line, counted from 1.</summary>
    public void Add(string source, long line, string reason)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{source}, line {line}: {reason.ReplaceLineEndings(" ")}");
        _all?.WriteLine(text);
        if (Count++ < Shown)
        {
            Console.Error.WriteLine($"rejected: {text}");
        }
    }

    /// <summary>Says how many were not shown.</summary>
    public void Dispose()
    {
        _all?.Dispose();
        if (Count > Shown)
        {
            Console.Error.WriteLine(
                $"rejected: {Progress.Count(Count - Shown, "more record")}"
                + $"{(file is null ? "; --rejects FILE lists them all" : $", listed in {file}")}.");
        }
    }
}
