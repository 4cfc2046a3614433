using Microsoft.Extensions.Logging;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>
/// Writes log messages as plain lines: information to standard output, warnings and errors to standard error. It writes immediately; the
/// console logger writes from a queue, so that the reason of a failure might not be the last line.
/// </summary>
/// <param name="least">The minimum level.</param>
/// <param name="errorOnly">Writes information to standard error, too, because standard output is used for data.</param>
internal sealed class LineLoggerProvider(LogLevel least, bool errorOnly) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, least, errorOnly);

    public void Dispose()
    {
    }

    private sealed class LineLogger(string category, LogLevel least, bool errorOnly) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // Of the host's own categories, log only warnings and errors.
        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= (category.StartsWith(nameof(MovieAspire), StringComparison.Ordinal) ? least : LogLevel.Warning);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var output = errorOnly || logLevel >= LogLevel.Warning ? Console.Error : Console.Out;
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
