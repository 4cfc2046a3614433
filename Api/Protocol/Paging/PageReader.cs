using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>
/// Reads one page of a list by its keyset: it starts at an index entry instead of counting rows off, so that a page costs
/// the same at any depth, and what others insert or delete in between moves nothing (see use-the-index-luke.com, "no offset").
/// </summary>
internal static class PageReader
{
    public static Task<Page<T>> ReadPageAsync<T>(
        this MovieDbContext db, ListQuery<T> list, PageQuery page, HttpContext context, CancellationToken cancellationToken) =>
        list.Settings.Count == 0
            ? db.ReadAsync(list, page, context, cancellationToken)
            : db.InTransactionAsync(
                async token =>
                {
                    await db.ExecuteAsync(
                        new($"SELECT set_config(name, value, true) FROM unnest({list.Settings.Keys.ToArray()}, {list.Settings.Values.ToArray()}) setting (name, value)"), token);
                    return await db.ReadAsync(list, page, context, token);
                },
                cancellationToken);

    private static async Task<Page<T>> ReadAsync<T>(
        this MovieDbContext db, ListQuery<T> list, PageQuery page, HttpContext context, CancellationToken cancellationToken)
    {
        var scope = PageScope.Of(context.Request, list.Sort.Name, list.Reader);
        var after = page.Cursor is null ? null : Cursor.Decode(page.Cursor, scope);
        var limit = page.Limit ?? PageQuery.DefaultLimit;

        var rows = await db.QueryAsync(
            PageStatement(list, after, limit + 1),
            reader => (Item: list.Read(reader), Place: new Cursor(reader.GetString(reader.FieldCount - 2), reader.GetInt64(reader.FieldCount - 1))),
            cancellationToken);

        // One row more than asked for tells whether anything follows; a page that is exactly full may be the last.
        var next = rows.Count > limit ? rows[limit - 1].Place.Encode(scope) : null;
        if (next is not null)
        {
            context.Response.Headers.Link = PageScope.LinkToNext(context.Request, next);
        }

        return new(
            [.. rows.Take(limit).Select(row => row.Item)],
            next,
            page.IncludeTotal == true ? await db.QueryFirstAsync(TotalStatement(list), reader => reader.GetInt64(0), cancellationToken) : null);
    }

    /// <summary>The statement of a page; internal for the tests that look at its plan.</summary>
    internal static SqlBuilder PageStatement<T>(ListQuery<T> list, Cursor? after, int rows)
    {
        var (sort, key) = (list.Sort, list.Sort.Key);
        var statement = new SqlBuilder(list.With)
            .AppendRaw($" SELECT {list.Columns}, (").Append(key.Expression).AppendRaw($")::text, {list.TieBreaker} FROM {list.From}");
        AppendWhere(statement, list.Where);
        if (after is not null)
        {
            statement.AppendRaw(" AND (").Append(key.Expression).AppendRaw($", {list.TieBreaker}) {sort.Beyond} (")
                .Append($"{after.Key}").AppendRaw($"::text::{key.Type}, ").Append($"{after.Id})");
        }

        return statement
            .AppendRaw(" ORDER BY ").Append(key.Expression).AppendRaw($" {sort.Direction}, {list.TieBreaker} {sort.Direction}")
            .Append($" LIMIT {rows}");
    }

    private static SqlBuilder TotalStatement<T>(ListQuery<T> list) =>
        AppendWhere(new SqlBuilder(list.With).AppendRaw($" SELECT count(*) FROM {list.From}"), list.Where);

    private static SqlBuilder AppendWhere(SqlBuilder statement, IReadOnlyList<FormattableString> conditions)
    {
        statement.AppendRaw(" WHERE true");
        foreach (var condition in conditions)
        {
            statement.Append($" AND ({condition})");
        }

        return statement;
    }
}
