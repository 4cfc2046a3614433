namespace MovieAspire.MigrationWorker.Fixtures.Load;

/// <summary>How a load treats what does not simply fit.</summary>
/// <param name="Overwrite">Rows that are there get the file's values; otherwise they stay as they are.</param>
/// <param name="SkipRejects">Loads the rest when records are refused; otherwise loads nothing.</param>
internal sealed record LoadOptions(bool Overwrite = false, bool SkipRejects = false);
