using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's output, numbered from 1.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's output and tells who watches.</summary>
public sealed class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Raised for each line of any resource, with the instance's name.</summary>
    internal event Action<string, LogLine>? LineWritten;

    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, resourceName);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Log(resourceName).WatchAsync();

    internal void Append(string resourceName, string line, bool isError)
    {
        var written = Log(resourceName).Append(line, isError);
        LineWritten?.Invoke(resourceName, written);
    }

    internal IReadOnlyList<LogLine> Tail(string resourceName, int lines) => Log(resourceName).Tail(lines);

    private ResourceLog Log(string resourceName) => _logs.GetOrAdd(resourceName, _ => new ResourceLog());

    private sealed class ResourceLog
    {
        private const int Kept = 5000;
        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<IReadOnlyList<LogLine>>> _watchers = [];
        private int _count;

        public LogLine Append(string text, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_count, text, isError);
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }

                _watchers.ForEach(w => w.Writer.TryWrite([line]));
                return line;
            }
        }

        public IReadOnlyList<LogLine> Tail(int lines)
        {
            lock (_lock)
            {
                return [.. _lines.TakeLast(lines)];
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var channel = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
            lock (_lock)
            {
                channel.Writer.TryWrite([.. _lines]);
                _watchers.Add(channel);
            }

            try
            {
                await foreach (var lines in channel.Reader.ReadAllAsync(cancellationToken))
                {
                    yield return lines;
                }
            }
            finally
            {
                lock (_lock)
                {
                    _watchers.Remove(channel);
                }
            }
        }
    }

    private sealed class ResourceLogger(ResourceLoggerService service, string resourceName) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            service.Append(resourceName, exception is null ? formatter(state, null) : $"{formatter(state, exception)}: {exception.Message}", logLevel >= LogLevel.Error);
    }
}
