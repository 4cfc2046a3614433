using System.Globalization;
using System.Text;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Reports rejected records: the first ones to standard error, and all of them to a file if one is given.</summary>
internal sealed class Rejects(string? file = null) : IDisposable
{
    private const int Shown = 50;
    private readonly StreamWriter? _all = file is null ? null : new StreamWriter(
        file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private long _told;

    public long Count { get; private set; }

    /// <summary>Reports a record by its line, counted from 1.</summary>
    public void Add(string source, long line, string reason)
    {
        Count++;
        Tell("rejected", source, line, reason);
    }

    /// <summary>Reports a value that was left out of an accepted record.</summary>
    public void Note(string source, long line, string reason) => Tell("note", source, line, reason);

    /// <summary>Reports how many were not shown.</summary>
    public void Dispose()
    {
        _all?.Dispose();
        if (_told > Shown)
        {
            Console.Error.WriteLine(
                $"rejected: {Progress.Count(_told - Shown, "more record")}"
                + $"{(file is null ? "; --rejects FILE lists them all" : $", listed in {file}")}.");
        }
    }

    private void Tell(string kind, string source, long line, string reason)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{source}, line {line}: {reason.ReplaceLineEndings(" ")}");
        _all?.WriteLine(text);
        if (_told++ < Shown)
        {
            Console.Error.WriteLine($"{kind}: {text}");
        }
    }
}
