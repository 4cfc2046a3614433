using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>Lines over time.</summary>
public sealed record Chart(string Title, string Unit, TimeAxis Axis, IReadOnlyList<ChartLine> Lines, IReadOnlyList<ChartMark> Marks)
{
    private const int GridLines = 4;

    /// <summary>The values at which the grid's lines stand, from 0 (or the least, if below) upwards in round steps.</summary>
    public IReadOnlyList<double> Grid()
    {
        var values = Lines.SelectMany(line => line.Values).OfType<double>().Concat(Marks.Select(mark => mark.Value)).ToList();
        var max = Math.Max(0, values.DefaultIfEmpty(0).Max());
        var min = Math.Min(0, values.DefaultIfEmpty(0).Min());
        var step = RoundStep(max - min);
        var first = Math.Floor(min / step);
        return [.. Enumerable.Range(0, (int)(Math.Ceiling(max / step) - first) + 1).Select(i => (first + i) * step)];
    }

    // 1, 2 or 5 times a power of ten; of bytes, a power of two.
    private double RoundStep(double range)
    {
        if (range is 0 or > 1e300)
        {
            return Math.Max(1, range);
        }

        var raw = range / GridLines;
        if (Unit == "By")
        {
            return Math.Pow(2, Math.Ceiling(Math.Log2(Math.Max(1, raw))));
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}

/// <summary>One line; a gap where there is no value.</summary>
public sealed record ChartLine(string Label, IReadOnlyList<double?> Values);

/// <summary>A measurement whose trace is known.</summary>
public sealed record ChartMark(long Time, double Value, TraceId TraceId, SpanId SpanId);
