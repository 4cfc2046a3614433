using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MovieAspire.Api.Tests.Telemetry;

/// <summary>Records the spans of one trace and every log record.</summary>
public sealed class Recorder : ILoggerProvider
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<string> _records = new();
    private readonly ActivityListener _listener;

    public Recorder()
    {
        _listener = new()
        {
            // All sources, because all can be exported.
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == Trace)
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>To be sent as <c>traceparent</c>, because other tests run in this process, too.</summary>
    public string TraceParent => $"00-{Trace}-{ActivitySpanId.CreateRandom()}-01";

    public IReadOnlyCollection<Activity> Spans => _spans;

    public IReadOnlyCollection<string> Records => _records;

    /// <summary>All texts in the spans.</summary>
    public IEnumerable<string> SpanTexts => _spans.Select(span => string.Join('\n',
        [
            span.DisplayName, span.StatusDescription, .. Tell(span.TagObjects), .. Tell(span.Baggage),
            .. span.Events.SelectMany(happened => Tell(happened.Tags)),
        ]));

    private ActivityTraceId Trace { get; } = ActivityTraceId.CreateRandom();

    public ILogger CreateLogger(string categoryName) => new RecordingLogger(categoryName, _records);

    public void Dispose() => _listener.Dispose();

    private static IEnumerable<string> Tell<T>(IEnumerable<KeyValuePair<string, T>> pairs) => pairs.Select(pair => $"{pair.Key}={pair.Value}");

    private sealed class RecordingLogger(string category, ConcurrentQueue<string> records) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            records.Enqueue(Tell(state));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Enqueue($"{category} {formatter(state, exception)}\n{Tell(state)}\n{exception}");

        private static string Tell<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join('\n', Recorder.Tell(values)) : $"{state}";
    }
}
