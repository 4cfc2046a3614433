using System.Globalization;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>Reads the filters of the pages and the HTTP API, which are the same, from query parameters.</summary>
internal static class QueryReader
{
    public static LogQuery Logs(Func<string, string?> get, int limit) => new()
    {
        Resource = get("resource"),
        MinSeverity = Enum.TryParse<LogSeverity>(get("level"), ignoreCase: true, out var level) ? level : LogSeverity.Trace,
        Text = get("q"),
        TraceId = TraceId.Parse(get("trace")),
        SpanId = SpanId.Parse(get("span")),
        Limit = limit,
    };

    public static TraceQuery Traces(Func<string, string?> get, int limit) => new()
    {
        Resource = get("resource"),
        Text = get("q"),
        Errors = get("errors") is "true" or "on",
        MinDuration = double.TryParse(get("min"), CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and < 1e9
            ? (long)(milliseconds * 1e6)
            : 0,
        Limit = limit,
    };
}
