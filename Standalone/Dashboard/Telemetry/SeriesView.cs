namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A copy of a series for reading.</summary>
/// <param name="Tags">Its dimensions.</param>
/// <param name="Before">The state before the first point; nothing where the series began with that point.</param>
/// <param name="Points">Its points, oldest first.</param>
public sealed record SeriesView(IReadOnlyList<Tag> Tags, MetricPoint? Before, IReadOnlyList<MetricPoint> Points)
{
    internal static SeriesView Of(Series series, long since)
    {
        var before = series.Before;
        var points = new List<MetricPoint>(series.Points.Count);
        foreach (var point in series.Points)
        {
            if (point.End < since)
            {
                before = point;
            }
            else
            {
                points.Add(point);
            }
        }

        return new SeriesView(series.Tags, before, points);
    }

    /// <summary>The state at an instant (Unix nanoseconds), or nothing where there was none yet.</summary>
    public MetricPoint? At(long time)
    {
        var (low, high) = (0, Points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Points[middle].Time <= time ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? Before : Points[low - 1];
    }
}
