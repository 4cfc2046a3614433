using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Traces;

/// <summary>A span in its place.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many spans stand above it.</param>
/// <param name="Self">Nanoseconds that it spent itself.</param>
/// <param name="HasChildren">Whether spans hang below it.</param>
public sealed record WaterfallRow(Span Span, int Depth, long Self, bool HasChildren)
{
    private static readonly string[] Statements = ["db.query.text", "db.statement"];

    /// <summary>The SQL statement or whatever else a database was asked.</summary>
    public string? Statement => Statements.Select(key => Span.Tags.Find(key)).FirstOrDefault(text => text is not null);

    /// <summary>What tells it from spans of the same name: the statement, the address, the route.</summary>
    public string? Subject => Statement
        ?? Span.Tags.Find("url.full")
        ?? Span.Tags.Find("url.path")
        ?? Span.Tags.Find("messaging.destination.name");
}
