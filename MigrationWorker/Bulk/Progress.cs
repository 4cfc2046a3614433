using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Tells how far a long step is: a bar that stays on its line on a terminal (of standard error), a line every few
/// seconds elsewhere, and one line at the end, where rows were counted. What is over within a second shows only that line.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly bool IsTerminal = !Console.IsErrorRedirected;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(IsTerminal ? 1 : 5);
    private readonly ILogger _log;
    private readonly string _what;
    private readonly Func<double>? _fraction;
    private readonly Timer _timer;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _startFraction;
    private long _rows;

    /// <summary>Begins a step. <paramref name="fraction"/> returns how much of it is done, 0 to 1, if known.</summary>
    public Progress(ILogger log, string what, Func<double>? fraction = null)
    {
        _log = log;
        _what = what;
        _fraction = fraction;
        _startFraction = fraction?.Invoke() ?? 0;
        _timer = new Timer(_ => Show(), null, Interval, Interval);
    }

    public void Add(long rows) => Interlocked.Add(ref _rows, rows);

    public void Dispose()
    {
        _timer.Dispose();
        if (IsTerminal && _log.IsEnabled(LogLevel.Information))
        {
            Console.Error.Write("\r\e[K");
        }

        if (Interlocked.Read(ref _rows) is > 0 and var rows)
        {
            _log.LogInformation(
                "{What}: {Rows} in {Elapsed} s{Rate}.", _what, Count(rows, "row"), Seconds(Stopwatch.GetElapsedTime(_start)), Rate(rows));
        }
    }

    /// <summary>A number with its noun, such as "1,204 rows".</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    private void Show()
    {
        if (!_log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var rows = Interlocked.Read(ref _rows);
        var elapsed = Stopwatch.GetElapsedTime(_start);
        var fraction = _fraction is null ? double.NaN : Math.Clamp(_fraction(), 0, 1);
        var left = fraction - _startFraction > 0 ? elapsed * ((1 - fraction) / (fraction - _startFraction)) : (TimeSpan?)null;
        var text = (rows > 0 ? $"{_what}: {Count(rows, "row")}{Rate(rows)}" : _what)
            + (double.IsNaN(fraction) ? $", {Seconds(elapsed)} s so far" : string.Create(CultureInfo.InvariantCulture, $", {fraction:P0}"))
            + (left is { } time ? $", {Seconds(time)} s left" : "");
        if (IsTerminal)
        {
            const int Width = 20;
            var done = (int)(Width * (double.IsNaN(fraction) ? 0 : fraction));
            Console.Error.Write($"\r\e[K[{new string('#', done)}{new string('.', Width - done)}] {text}");
        }
        else
        {
            _log.LogInformation("{Progress}", text);
        }
    }

    private string Rate(long rows)
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        return seconds < 1 || rows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {rows / seconds:N0} rows/s");
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
