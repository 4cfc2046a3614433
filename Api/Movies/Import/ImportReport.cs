namespace MovieAspire.Api.Movies.Import;

/// <summary>What became of an import: each line is counted once.</summary>
public sealed record ImportReport
{
    /// <summary>Lines that hold no film, in their order.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    public required long Rejected { get; init; }

    public required long Created { get; init; }

    /// <summary>Films that were there and differed.</summary>
    public required long Updated { get; init; }

    /// <summary>Films that were there, just the same.</summary>
    public required long Unchanged { get; init; }
}

/// <summary>A line that was not imported.</summary>
public sealed record Rejection
{
    /// <summary>Counted from 1, blank lines included; in a JSON array the number of the element.</summary>
    public required long Line { get; init; }

    /// <summary>The field at fault; <c>$</c> is the whole line.</summary>
    public required string Field { get; init; }

    public required string Reason { get; init; }
}
