namespace MovieAspire.Standalone.Hosting;

/// <summary>Why a resource is not up.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Culprit">The instance whose output tells more.</param>
internal sealed record Failure(string Reason, string Culprit)
{
    /// <summary>The process did start, and ended by itself.</summary>
    public bool HasRun { get; init; }
}
