namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>The GIN indexes of movies, which keep new entries in a pending list until autovacuum runs.</summary>
internal static class SearchIndexes
{
    /// <summary>
    /// Merges the pending lists into the indexes. Until then each search reads them as a whole, which takes several times as long.
    /// </summary>
    public const string Merge =
        "SELECT gin_clean_pending_list('ix_movies_search_vector'), gin_clean_pending_list('ix_movies_sort_title_trigrams')";
}
