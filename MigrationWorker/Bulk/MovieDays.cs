namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Matches movies by title and year if only the year is known, which 1 January stands for: such a movie is the same as the one of that
/// title and year whose day is known.
/// </summary>
internal static class MovieDays
{
    /// <summary>
    /// Sets the day of movies without one to that of the first movie of the same title and year in a table, unless the table has that
    /// movie, too.
    /// </summary>
    public static string Fill(string table) => $"""
        UPDATE movies m SET release_date = s.release_date
        FROM (
            SELECT DISTINCT ON (title, date_trunc('year', release_date)) title, release_date
            FROM {table} ORDER BY title, date_trunc('year', release_date), release_date) s
        WHERE m.title = s.title AND m.release_date = date_trunc('year', s.release_date)::date AND m.release_date <> s.release_date
            AND NOT EXISTS (SELECT FROM movies o WHERE o.title = s.title AND o.release_date = s.release_date)
        """;

    /// <summary>
    /// Lets rows of a table that name a movie which is not there name the same one by its other day: without a day, the first of that title
    /// and year; with one, the one without.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="title">The column of the title, beside that of the release date.</param>
    public static string Find(string table, string title) => $"""
        UPDATE {table} s SET release_date = f.release_date
        FROM (
            SELECT DISTINCT ON (r.title, r.named) r.title, r.named, m.release_date
            FROM (SELECT DISTINCT {title} AS title, release_date AS named, date_trunc('year', release_date)::date AS year FROM {table}) r
                JOIN movies m ON m.title = r.title AND date_trunc('year', m.release_date)::date = r.year
            WHERE r.year IN (r.named, m.release_date)
                AND NOT EXISTS (SELECT FROM movies o WHERE o.title = r.title AND o.release_date = r.named)
            ORDER BY r.title, r.named, m.release_date) f
        WHERE s.{title} = f.title AND s.release_date = f.named
        """;
}
