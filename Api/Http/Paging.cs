using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Http;

/// <summary>The query parameters of every list.</summary>
public sealed record PageQuery
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    [FromQuery(Name = "limit")]
    [Range(1, MaxLimit)]
    [DefaultValue(DefaultLimit)]
    [Description("The maximum number of items in the page.")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. It is valid only with the same sort and filters.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "includeTotal")]
    [DefaultValue(false)]
    [Description("Whether to count all items that match the filters. Counting costs more than a page.")]
    public bool? IncludeTotal { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The items in the requested order.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get the next page; null on the last page.</param>
/// <param name="Total">The number of items that match the filters, if <c>includeTotal</c> is true.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total = null);

/// <summary>A key that a list can be sorted by.</summary>
/// <param name="Expression">The key as SQL; never NULL.</param>
/// <param name="Type">Its PostgreSQL type, to which a cursor's text is cast back.</param>
internal sealed record SortKey(FormattableString Expression, string Type);

/// <summary>The requested order: <c>title</c>, or <c>-title</c> for descending.</summary>
internal sealed record SortOrder(string Name, SortKey Key)
{
    public string Direction => Name.StartsWith('-') ? "DESC" : "ASC";

    /// <summary>The operator that selects the rows after a row in this direction.</summary>
    public string Beyond => Name.StartsWith('-') ? "<" : ">";

    /// <summary>Looks up a name; validation has refused unknown ones.</summary>
    public static SortOrder Parse(string name, IReadOnlyDictionary<string, SortKey> sorts) => new(name, sorts[name.TrimStart('-')]);
}

/// <summary>The order of a list that is sorted by its creation time.</summary>
public sealed record TimeSort
{
    private const string NewestFirst = "-createdAt";

    [FromQuery(Name = "sort")]
    [AllowedValues(null, NewestFirst, "createdAt", ErrorMessage = "The order is -createdAt or createdAt.")]
    [DefaultValue(NewestFirst)]
    [Description("The order: newest first, or oldest first.")]
    public string? Sort { get; init; }

    internal SortOrder On(FormattableString column) => new(Sort ?? NewestFirst, new(column, "timestamptz"));
}

/// <summary>A list as SQL: columns, tables, conditions and order.</summary>
internal sealed record ListQuery<T>
{
    /// <summary>Common table expressions before the SELECT.</summary>
    public FormattableString With { get; init; } = $"";

    public required string Columns { get; init; }

    public required string From { get; init; }

    /// <summary>Conditions that all must hold.</summary>
    public IReadOnlyList<FormattableString> Where { get; init; } = [];

    /// <summary>Settings of PostgreSQL while the list is read.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public required SortOrder Sort { get; init; }

    /// <summary>A unique <c>bigint</c> column that orders rows with equal sort keys.</summary>
    public required string TieBreaker { get; init; }

    /// <summary>Whose list it is, where the same path shows each user another list.</summary>
    public long? UserId { get; init; }

    public required Func<NpgsqlDataReader, T> Read { get; init; }
}

/// <summary>
/// Reads a page of a list by keyset: it starts at an index entry instead of skipping rows, so that a page costs the same at any depth
/// and concurrent inserts and deletes shift nothing (see use-the-index-luke.com, "no offset").
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
        var scope = PageScope.Create(context.Request, list.Sort.Name, list.UserId);
        var after = page.Cursor is null ? null : Cursor.Decode(page.Cursor, scope);
        var limit = page.Limit ?? PageQuery.DefaultLimit;

        var rows = await db.QueryAsync(
            PageStatement(list, after, limit + 1),
            reader => (Item: list.Read(reader), Place: new Cursor(reader.GetString(reader.FieldCount - 2), reader.GetInt64(reader.FieldCount - 1))),
            cancellationToken);

        // One more row than requested tells whether another page follows: a full page can be the last one.
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

    /// <summary>The statement of a page; internal for the tests of its plan.</summary>
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
