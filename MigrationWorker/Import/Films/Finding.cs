namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>What was wrong with a row of the source, and what became of it.</summary>
/// <param name="Row">Position in the source, from 1.</param>
/// <param name="Title">The film as the source calls it.</param>
/// <param name="Rejected">True when the film was left out, false when it was corrected.</param>
/// <param name="Reason">What was wrong, and for a correction what it was read as.</param>
internal sealed record Finding(int Row, string Title, bool Rejected, string Reason)
{
    public override string ToString() => $"row {Row} {(Rejected ? "rejected" : "corrected")}: {Title}: {Reason}";
}
