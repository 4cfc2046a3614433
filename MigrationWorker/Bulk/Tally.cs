using System.Globalization;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Counts rows by outcome. The outcomes add up to <see cref="Read"/>.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Updated">Existing rows that changed.</param>
/// <param name="Unchanged">Existing rows that did not change.</param>
/// <param name="Rejected">Rows that were invalid.</param>
/// <param name="Skipped">Rows of another kind, such as short films, which are not counted as read.</param>
internal sealed record Tally(long Inserted, long Updated, long Unchanged, long Rejected, long Skipped = 0)
{
    public long Read => Inserted + Updated + Unchanged + Rejected;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Read:N0} read = {Inserted:N0} inserted + {Updated:N0} updated + {Unchanged:N0} unchanged + {Rejected:N0} rejected")
        + (Skipped > 0 ? $"; {Skipped.ToString("N0", CultureInfo.InvariantCulture)} other skipped" : "");
}
