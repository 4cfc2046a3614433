using MovieAspire.Standalone.Dashboard.Live;

namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>All telemetry that came in and is still kept, in memory and within <see cref="TelemetryLimits"/>.</summary>
public sealed class TelemetryStore(TelemetryLimits limits)
{
    /// <summary>Who has sent.</summary>
    public TelemetryResources Resources { get; } = new(limits.Resources);

    /// <summary>The structured logs.</summary>
    public LogStore Logs { get; } = new(limits);

    /// <summary>The traces.</summary>
    public TraceStore Traces { get; } = new(limits);

    /// <summary>The metrics.</summary>
    public MetricStore Metrics { get; } = new(limits);

    internal ChangeSignal Changed { get; } = new();

    internal StringPool Strings { get; } = new();

    /// <summary>Adds spans.</summary>
    public void Add(IReadOnlyList<Batch<Span>> batches) => Add(batches, Traces.Add);

    /// <summary>Adds log records.</summary>
    public void Add(IReadOnlyList<Batch<LogEntry>> batches) => Add(batches, Logs.Add);

    /// <summary>Adds metrics.</summary>
    public void Add(IReadOnlyList<Batch<MetricData>> batches) => Add(batches, Metrics.Add);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Logs.Clear();
        Traces.Clear();
        Metrics.Clear();
        Changed.Set();
    }

    private void Add<T>(IReadOnlyList<Batch<T>> batches, Action<TelemetryResource, IReadOnlyList<T>> add)
    {
        foreach (var batch in batches)
        {
            add(Resources.Resolve(batch.Sender), batch.Items);
        }

        Changed.Set();
    }
}
