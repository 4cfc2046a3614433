namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>A number that sums a chart up.</summary>
public sealed record StatTile(string Label, string Value);
