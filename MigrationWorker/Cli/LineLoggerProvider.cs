using Microsoft.Extensions.Logging;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>
/// Writes what the worker itself reports as plain lines, at once: information to standard output, warnings and errors to standard error.
/// The console logger would write later, from a queue, so that the reason of a failure might not be on the last line.
/// </summary>
internal sealed class LineLoggerProvider : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName);

    public void Dispose()
    {
    }

    private sealed class LineLogger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // Of the host's own categories only warnings and errors matter here.
        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= (category.StartsWith(nameof(MovieAspire), StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var output = logLevel >= LogLevel.Warning ? Console.Error : Console.Out;
            if (exception is not null)
            {
                output.WriteLine(exception);
            }

            output.WriteLine(Prefix(logLevel) + formatter(state, exception));
        }

        private static string Prefix(LogLevel level) => level switch
        {
            LogLevel.Warning => "warning: ",
            >= LogLevel.Error => "error: ",
            _ => "",
        };
    }
}
