using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>A window of time cut into steps of equal length. Instants are Unix nanoseconds, aligned so that a step's value does not change while time goes on.</summary>
public sealed record TimeAxis(long Start, long Step, int Steps)
{
    private const int MaxSteps = 60;

    // Senders export once a second at the fastest, so a shorter step would show the exports' rhythm instead of the load.
    private const long MinStep = 2 * UnixTime.Second;

    // The last export may still be under way.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1.5);

    public long End => Start + Step * Steps;

    public double StepSeconds => (double)Step / UnixTime.Second;

    public static TimeAxis Until(DateTimeOffset now, TimeSpan window)
    {
        var length = UnixTime.From(window);
        var step = Math.Max(MinStep, length / MaxSteps);
        var steps = (int)(length / step);
        var end = UnixTime.From(now - Lag) / step * step;
        return new TimeAxis(end - step * steps, step, steps);
    }

    /// <summary>The end of a step.</summary>
    public long At(int step) => Start + Step * (step + 1);
}
