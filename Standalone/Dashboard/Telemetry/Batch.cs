namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>What one sender sent in one request.</summary>
/// <param name="Sender">The sender's attributes.</param>
/// <param name="Items">Its spans, log records or metrics.</param>
public sealed record Batch<T>(IReadOnlyList<Tag> Sender, IReadOnlyList<T> Items);
