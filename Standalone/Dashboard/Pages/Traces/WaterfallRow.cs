using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Traces;

/// <summary>A span in its place.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many spans stand above it.</param>
/// <param name="Self">Nanoseconds that it spent itself.</param>
public sealed record WaterfallRow(Span Span, int Depth, long Self);
