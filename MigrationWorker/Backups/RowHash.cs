namespace MovieAspire.MigrationWorker.Backups;

/// <summary>
/// How a row becomes 64 bits. PostgreSQL keeps the functions as they are, because hash partitions rest on them; text is hashed by
/// collation "C", since by others its hash depends on the version of the server's libraries.
/// </summary>
/// <param name="Column">SQL over pg_attribute that gives the SQL of a column.</param>
/// <param name="Row">SQL of the hash, with %s in place of the list of columns.</param>
internal sealed record RowHash(string Column, string Row)
{
    private static readonly RowHash OfText = new("quote_ident(attname)", """hashtextextended(ROW(%s)::text COLLATE "C", 0)""");

    // A third of the time of the above. Types of which different values may have one hash, such as 1.0 and 1.00, are hashed as text.
    // The hash of a row alone is a sum over its columns, in whose sum over all rows values could change places; hence the outer hash.
    private static readonly RowHash OfValues = new(
        """
        quote_ident(attname) || CASE
            WHEN atttypid = ANY ('{smallint,integer,bigint,boolean,uuid,date,timestamptz,bytea}'::regtype[]) THEN ''
            ELSE '::text COLLATE "C"'
        END
        """,
        "hashint8extended(hash_record_extended(ROW(%s), 0), 0)");

    /// <summary>That of a format of the manifest.</summary>
    public static RowHash Of(int format) => format == 1 ? OfText : OfValues;
}
