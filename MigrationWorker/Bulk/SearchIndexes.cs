namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>The GIN indexes of movies, which keep new entries in a list until autovacuum comes.</summary>
internal static class SearchIndexes
{
    /// <summary>Merges that list into them: until then each search reads all of it, which takes several times as long.</summary>
    public const string Merge =
        "SELECT gin_clean_pending_list('ix_movies_search_vector'), gin_clean_pending_list('ix_movies_sort_title_trigrams')";
}
